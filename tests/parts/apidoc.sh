# The documentation of the public items builds without a warning.
need_rust

document() { RUSTDOCFLAGS="-D warnings" cargo doc --locked --quiet --no-deps --document-private-items "$@"; }
check "documentation" document -p sanji-core -p sanji-server
