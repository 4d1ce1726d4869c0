//! sanji
fn main() {}
