fn main() {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo says where it is");
    println!("cargo:rustc-link-arg-bins=-T{folder}/board.ld");
    println!("cargo:rerun-if-changed=board.ld");
}
