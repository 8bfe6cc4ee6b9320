//! Rebuilds when a file changes that a macro reads from a folder: cargo does not see those by itself.

fn main() {
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=sql");
}
