//! An adaptive binary range coder, and the one place where bits become bytes.
//!
//! The coder holds an interval `[low, high]` of 32-bit numbers, at first all of them. A bit with probability p of a one
//! (in 1/65536) splits it at `mid = low + ((high − low) × p >> 16)`: a one keeps `[low, mid]`, a zero `[mid + 1, high]`.
//! While the highest bytes of both ends are equal, that byte is written and both move up by 8 bits (zeros into `low`, ones
//! into `high`). At the end the fewest bytes are written that, with zeros behind them, lie in the interval. A reader takes
//! four bytes more than were shifted out, zeros where the stream has ended, and no more.
//!
//! A probability starts at one half, 32768. After its k-th bit (k from 0) it moves towards 65536 for a one, 0 for a zero,
//! by the distance × r >> 16 with r = 655360 / min(10 k + 16, 480) in whole numbers: first by 1/1.6, in the end by 1/48 of
//! the way. It stays between 48 and 65487.
//!
//! Writing and reading are one walk: each function takes `&mut` of what it codes, leaves it alone when it writes and sets
//! it when it reads. So the two directions can't differ.

use std::borrow::Cow;

/// What the input lacks. Writing never faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Something is wrong at a place.
    Malformed {
        /// What is wrong.
        what: Cow<'static, str>,
        /// Where, outermost first; empty for the message itself.
        place: String,
    },
    /// It would unfold to more than is taken.
    TooLarge,
}

impl Fault {
    pub(super) fn new(what: impl Into<Cow<'static, str>>) -> Self {
        Fault::Malformed { what: what.into(), place: String::new() }
    }

    /// The same fault, seen from the list that holds the item.
    pub(super) fn within(self, list: &str, index: usize) -> Self {
        match self {
            Fault::Malformed { what, place } if place.is_empty() => {
                Fault::Malformed { what, place: format!("{list} {index}") }
            }
            Fault::Malformed { what, place } => Fault::Malformed { what, place: format!("{list} {index}, {place}") },
            Fault::TooLarge => Fault::TooLarge,
        }
    }
}

/// The least probability of either bit, in 1/65536.
const EDGE: u16 = 48;

/// The slowest adaptation: 1 / this.
const SLOWEST: u32 = 48;

/// How likely the next bit is a one, learnt from those before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prob {
    one: u16,
    seen: u16,
}

impl Prob {
    /// Either bit is as likely.
    pub(super) fn new() -> Self {
        Prob { one: 1 << 15, seen: 0 }
    }

    fn learn(&mut self, bit: bool) {
        // 65536 / (k + 1.6), in whole numbers.
        let rate = 655_360 / (u32::from(self.seen) * 10 + 16).min(SLOWEST * 10);
        let one = u32::from(self.one);
        let next = if bit { one + (((65_536 - one) * rate) >> 16) } else { one - ((one * rate) >> 16) };
        self.one = (next.min(u32::from(u16::MAX)) as u16).clamp(EDGE, u16::MAX - EDGE);
        self.seen = self.seen.saturating_add(1);
    }
}

enum Side<'a> {
    Write { stream: Vec<u8>, bulk: Vec<u8> },
    Read { stream: &'a [u8], at: usize, code: u32, bulk: &'a [u8] },
}

/// One message being written or read: the coded stream, and beside it the bulk (texts and blobs) that zstd may pack.
pub(super) struct Coder<'a> {
    low: u32,
    high: u32,
    side: Side<'a>,
    budget: usize,
}

impl<'a> Coder<'a> {
    /// A coder that writes.
    pub(super) fn writer() -> Coder<'static> {
        let side = Side::Write { stream: Vec::new(), bulk: Vec::new() };
        Coder { low: 0, high: u32::MAX, side, budget: usize::MAX }
    }

    /// A coder that reads `stream` and `bulk`, and gives up before it has unfolded more than `budget` bytes.
    pub(super) fn reader(stream: &'a [u8], bulk: &'a [u8], budget: usize) -> Self {
        let mut coder = Coder { low: 0, high: u32::MAX, side: Side::Read { stream, at: 0, code: 0, bulk }, budget };
        for _ in 0..4 {
            // The first four bytes may be missing: short streams end in zeros.
            let _ = coder.shift_in();
        }
        coder
    }

    /// Whether this coder reads.
    pub(super) fn reads(&self) -> bool {
        matches!(self.side, Side::Read { .. })
    }

    /// Takes `bytes` of memory from the budget. Called before anything is kept.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), Fault> {
        if self.reads() {
            self.budget = self.budget.checked_sub(bytes).ok_or(Fault::TooLarge)?;
        }
        Ok(())
    }

    /// One bit under a probability that learns from it.
    pub(super) fn bit(&mut self, prob: &mut Prob, bit: &mut bool) -> Result<(), Fault> {
        self.split(prob.one, bit)?;
        prob.learn(*bit);
        Ok(())
    }

    /// The lowest `count` bits of `value`, highest first, each as likely a one as a zero. At most 64.
    pub(super) fn even(&mut self, count: u32, value: &mut u64) -> Result<(), Fault> {
        let mut read = 0;
        for i in (0..count).rev() {
            let mut bit = *value >> i & 1 == 1;
            self.split(1 << 15, &mut bit)?;
            read = read << 1 | u64::from(bit);
        }
        *value = read;
        Ok(())
    }

    /// Bytes that nothing predicts: hashes, keys, signatures, new ids.
    pub(super) fn raw(&mut self, bytes: &mut [u8]) -> Result<(), Fault> {
        for byte in bytes {
            let mut value = u64::from(*byte);
            self.even(8, &mut value)?;
            *byte = value as u8;
        }
        Ok(())
    }

    /// `len` bytes of the bulk.
    pub(super) fn bulk(&mut self, bytes: &mut Vec<u8>, len: usize) -> Result<(), Fault> {
        match &mut self.side {
            Side::Write { bulk, .. } => bulk.extend_from_slice(bytes),
            Side::Read { bulk, .. } => {
                let (here, rest) = bulk.split_at_checked(len).ok_or(Fault::new("a text or blob ends early"))?;
                *bulk = rest;
                bytes.clear();
                bytes.extend_from_slice(here);
            }
        }
        Ok(())
    }

    /// Ends a writer: the stream and the bulk.
    pub(super) fn finish(self) -> (Vec<u8>, Vec<u8>) {
        let ending = self.ending();
        match self.side {
            Side::Write { mut stream, bulk } => {
                stream.extend(ending);
                (stream, bulk)
            }
            Side::Read { .. } => (Vec::new(), Vec::new()),
        }
    }

    /// Ends a reader: nothing may be left over, and the stream must end as a writer ends it.
    pub(super) fn end(self) -> Result<(), Fault> {
        let ending = self.ending();
        match self.side {
            Side::Read { stream, at, .. } if stream.get(at - 4..) != Some(&ending[..]) => {
                Err(Fault::new("the message doesn't end where its fields end"))
            }
            Side::Read { bulk, .. } if !bulk.is_empty() => Err(Fault::new("a text or blob that nothing names")),
            _ => Ok(()),
        }
    }

    /// The fewest bytes that, with zeros behind them, lie in the interval.
    fn ending(&self) -> Vec<u8> {
        let cut = |kept: u32| self.high & u32::MAX.checked_shl(32 - 8 * kept).unwrap_or(0);
        let kept = (0..4).find(|kept| cut(*kept) >= self.low).unwrap_or(4);
        cut(kept).to_be_bytes()[..kept as usize].to_vec()
    }

    fn split(&mut self, one: u16, bit: &mut bool) -> Result<(), Fault> {
        let range = u64::from(self.high - self.low);
        let mid = self.low + ((range * u64::from(one)) >> 16) as u32;
        if let Side::Read { code, .. } = &self.side {
            *bit = *code <= mid;
        }
        if *bit {
            self.high = mid;
        } else {
            self.low = mid + 1;
        }
        while (self.low ^ self.high) >> 24 == 0 {
            match &mut self.side {
                Side::Write { stream, .. } => stream.push((self.high >> 24) as u8),
                Side::Read { .. } => self.shift_in()?,
            }
            self.low <<= 8;
            self.high = self.high << 8 | 0xff;
        }
        Ok(())
    }

    fn shift_in(&mut self) -> Result<(), Fault> {
        if let Side::Read { stream, at, code, .. } = &mut self.side {
            if *at >= stream.len() + 4 {
                return Err(Fault::new("the message ends early"));
            }
            *code = *code << 8 | u32::from(stream.get(*at).copied().unwrap_or(0));
            *at += 1;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_and_nothing_is_left(
            bits in proptest::collection::vec((0..4usize, any::<bool>(), any::<u64>(), 0..=64u32), 0..400),
        ) {
            let mut writer = Coder::writer();
            let mut probs = [Prob::new(); 4];
            for (which, bit, number, width) in &bits {
                let (mut bit, mut number) = (*bit, number.checked_shr(64 - width).unwrap_or(0));
                writer.bit(&mut probs[*which], &mut bit).unwrap();
                writer.even(*width, &mut number).unwrap();
            }
            let (stream, _) = writer.finish();
            let mut reader = Coder::reader(&stream, &[], 0);
            let mut probs = [Prob::new(); 4];
            for (which, bit, number, width) in &bits {
                let (mut read, mut value) = (false, 0);
                reader.bit(&mut probs[*which], &mut read).unwrap();
                reader.even(*width, &mut value).unwrap();
                prop_assert_eq!(read, *bit);
                prop_assert_eq!(value, number.checked_shr(64 - width).unwrap_or(0));
            }
            prop_assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn what_repeats_costs_almost_nothing_and_what_is_random_costs_itself() {
        let mut writer = Coder::writer();
        let mut prob = Prob::new();
        for _ in 0..8000 {
            writer.bit(&mut prob, &mut true).unwrap();
        }
        writer.raw(&mut [0xa5; 1000]).unwrap();
        let (stream, _) = writer.finish();
        assert!((1000..1010).contains(&stream.len()), "{}", stream.len());
    }

    #[test]
    fn a_reader_stops_at_the_end_of_its_input() {
        let mut reader = Coder::reader(&[1, 2, 3], &[], 0);
        assert_eq!(reader.raw(&mut [0; 9]), Err(Fault::new("the message ends early")));
        let more = Fault::new("the message doesn't end where its fields end");
        assert_eq!(Coder::reader(&[0; 9], &[], 0).end(), Err(more));
        assert_eq!(Coder::reader(&[], &[0], 0).end(), Err(Fault::new("a text or blob that nothing names")));
    }
}
