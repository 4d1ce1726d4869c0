//! Schools at work: phones that run the real core against a real relay, in this process or another. The figures and the
//! tests of processes are made of these.

pub mod days;
pub mod figures;
pub mod office;
pub mod owner;
pub mod phone;
pub mod process;
pub mod prose;
pub mod proxy;
pub mod raw;
pub mod school;

/// What can go wrong in a harness: anything, said in words.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
