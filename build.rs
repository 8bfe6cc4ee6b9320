//! Tells cargo to rebuild when a file in a folder that a macro reads changes.

fn main() {
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=sql");
}
