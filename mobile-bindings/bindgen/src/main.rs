//! Generates Kotlin and Swift from the built phone library.
fn main() {
    uniffi::uniffi_bindgen_main();
}
