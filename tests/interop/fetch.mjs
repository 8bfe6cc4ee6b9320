// Sends each kind of request from standard input with node's fetch, concurrently, and exits with 1 if a response has an
// unexpected status.
import { readFileSync } from "node:fs";

const { url, kinds, rounds } = JSON.parse(readFileSync(0, "utf8"));
const wrong = new Map();

async function send({ name, method, path, headers, size, text, status }) {
  const body = text ?? (size > 0 ? "x".repeat(size) : undefined);
  let got;
  try {
    const answer = await fetch(url + path, { method, headers, body, signal: AbortSignal.timeout(30_000) });
    got = answer.status;
    await answer.json();
  } catch (error) {
    got = `${error.name}: ${error.cause?.code ?? error.message}`;
  }
  if (got !== status) wrong.set(`${name}: ${got} for ${status}`, (wrong.get(`${name}: ${got} for ${status}`) ?? 0) + 1);
}

for (let round = 0; round < rounds; round += 1) await Promise.all(kinds.map(send));
for (const [what, times] of wrong) console.log(`${what}, ${times} times`);
process.exit(wrong.size > 0 ? 1 : 0);
