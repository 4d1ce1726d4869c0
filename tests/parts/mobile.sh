# The phone library and the generator of its bindings.
need_rust

lint() { cargo clippy --locked --quiet "$@" -- -D warnings; }
check "lints: phone library" lint -p sanji-mobile --all-targets
check "lints: bindings generator" lint -p sanji-bindgen
