//! Commands beside a running server, and beside each other.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::world::World;

/// A server that ends with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(world: &World) -> Server {
    let mut command = world.asks("serve --bind 127.0.0.1:0").into_command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("support listening on http://127.0.0.1:"), "{line:?}");
    Server(child)
}

#[test]
fn every_command_works_beside_a_server() {
    let world = World::small();
    let _server = serve(&world);
    world.run("ticket close 1 --award").done();
    world.run("ticket escalate 2").done();
    world.run("token issue --customer 1").done();
    world.run("points grant --customer 1 --points 1 --reason x").done();
    world.run("fixtures load fixture.json").done();
    assert_eq!(world.listed("--status CLOSED"), [3, 1]);
    assert_eq!(world.json("points balance --customer 1")["points"], 6);
}

#[test]
fn commands_beside_each_other_lose_nothing() {
    let world = World::small();
    let grant = "points grant --customer 1 --points 1 --reason x";
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..5).for_each(|_| drop(world.run(grant).done())));
        }
    });
    assert_eq!(world.json("points balance --customer 1")["points"], 20);
}

#[test]
fn two_who_close_the_same_ticket_at_once_close_it_once() {
    let world = World::small();
    let codes = std::thread::scope(|scope| {
        let closing = [(); 4].map(|()| scope.spawn(|| world.run("ticket close 1 --award").code));
        closing.map(|closing| closing.join().unwrap())
    });
    assert_eq!(codes.iter().sum::<i32>(), 3, "{codes:?}");
    assert_eq!(world.json("points balance --customer 1")["points"], 5);
}
