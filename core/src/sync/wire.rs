//! tmp
use super::message::*;
use crate::crypto::Signature;
use crate::ids::*;
#[derive(Default)]
pub struct Limits;
pub fn decode_push(
    _: &[u8],
    _: &Limits,
    _: impl FnMut(LogNo) -> Option<ActorId>,
) -> Result<(Push, Signature), Refusal> {
    unimplemented!()
}
pub fn encode_body(_: &AnswerBody) -> Vec<u8> {
    unimplemented!()
}
pub fn encode_answer(_: &SignedHead, _: &[u8]) -> Vec<u8> {
    unimplemented!()
}
pub fn row_bytes(_: CountyId, _: &Row) -> Vec<u8> {
    unimplemented!()
}
pub fn encode_row(_: &SignedRow) -> Vec<u8> {
    unimplemented!()
}
pub fn decode_row(_: &[u8]) -> Result<SignedRow, String> {
    unimplemented!()
}
