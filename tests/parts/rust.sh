# Format, lints, every test of the workspace, and its documentation.
#
# One profile (dev) serves all tests, those with real processes too: they start the `sanji` of the same build. The phone
# library and the generator of its bindings have commands of their own: together they would unify uniffi's features.
need_rust

check "format" cargo fmt --all --check

# Each layer alone, so that no layer leans on a feature that only another turns on.
lint() { cargo clippy --locked --quiet "$@" -- -D warnings; }
check "lints: core, pure" lint -p sanji-core --no-default-features
check "lints: core, documents" lint -p sanji-core --no-default-features --features documents
check "lints: core, store" lint -p sanji-core --no-default-features --features store
check "lints: server without demo" lint -p sanji-server --no-default-features
check "lints: core, server, tests" lint -p sanji-core -p sanji-server -p sanji-tests --all-targets

cargo_tests "tests: core, server, tests" cargo test --locked --no-fail-fast -p sanji-core -p sanji-server -p sanji-tests
