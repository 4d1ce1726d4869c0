//! Schools at work: phones that run the real machine against a real relay, in this process or another. The figures and the
//! tests of processes are made of these.

pub mod days;
pub mod figures;
pub mod phone;
pub mod prose;
pub mod school;

/// What can go wrong in a harness: anything, said in words.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
