//! How numbers become bits: each field has a model of its own, which learns from all values of that field in the message.
//! That is what a column is to a compressor, without moving anything.

use super::coder::{Coder, Fault, Prob};

/// A field of unsigned numbers.
///
/// A bit says whether the number is above zero. Then the place w of its highest one (0 to 63) in six bits, highest first,
/// each under a probability chosen by the bits before it. Then the w bits below it, highest first: the first
/// [`Number::LEARNT`] under probabilities chosen by w and the bits before, the others even.
#[derive(Clone, Debug)]
pub(super) struct Number {
    some: Prob,
    /// Made when the first number above zero comes: many fields have none.
    above: Option<Box<Above>>,
}

/// The models of numbers above zero.
#[derive(Clone, Debug)]
struct Above {
    width: [Prob; 64],
    /// By width, in the order in which widths were first seen.
    below: Vec<(u64, [Prob; 1 << Number::LEARNT])>,
}

impl Number {
    const LEARNT: u32 = 3;

    pub(super) fn new() -> Self {
        Number { some: Prob::new(), above: None }
    }

    /// A number of 64 bits.
    pub(super) fn uint(&mut self, c: &mut Coder<'_>, n: &mut u64) -> Result<(), Fault> {
        let mut some = *n != 0;
        c.bit(&mut self.some, &mut some)?;
        if !some {
            *n = 0;
            return Ok(());
        }
        if self.above.is_none() {
            c.charge(size_of::<Above>())?;
        }
        let new = || Box::new(Above { width: [Prob::new(); 64], below: Vec::new() });
        let above = self.above.get_or_insert_with(new);
        let mut width = u64::from(63 - (*n | 1).leading_zeros());
        tree(c, &mut above.width, 6, &mut width)?;
        let learnt = (width as u32).min(Number::LEARNT);
        let even = width as u32 - learnt;
        let mut high = (*n >> even) & ((1 << learnt) - 1);
        tree(c, above.below(width), learnt, &mut high)?;
        let mut low = *n;
        c.even(even, &mut low)?;
        *n = (1 << learnt | high) << even | low;
        Ok(())
    }

    /// A number of 32 bits.
    pub(super) fn uint32(&mut self, c: &mut Coder<'_>, n: &mut u32) -> Result<(), Fault> {
        let mut wide = u64::from(*n);
        self.uint(c, &mut wide)?;
        *n = u32::try_from(wide).map_err(|_| Fault::new("a number of more than 32 bits"))?;
        Ok(())
    }

    /// A signed number: 0, −1, 1, −2 … as 0, 1, 2, 3 …
    pub(super) fn int(&mut self, c: &mut Coder<'_>, n: &mut i64) -> Result<(), Fault> {
        let mut folded = (*n << 1 ^ *n >> 63) as u64;
        self.uint(c, &mut folded)?;
        *n = (folded >> 1) as i64 ^ -((folded & 1) as i64);
        Ok(())
    }

    /// A number as its distance from what was expected, wrapping.
    pub(super) fn near(&mut self, c: &mut Coder<'_>, n: &mut i64, expected: i64) -> Result<(), Fault> {
        let mut delta = n.wrapping_sub(expected);
        self.int(c, &mut delta)?;
        *n = expected.wrapping_add(delta);
        Ok(())
    }

    /// As [`Number::near`], for unsigned numbers.
    pub(super) fn unear(&mut self, c: &mut Coder<'_>, n: &mut u64, expected: u64) -> Result<(), Fault> {
        let mut signed = *n as i64;
        self.near(c, &mut signed, expected as i64)?;
        *n = signed as u64;
        Ok(())
    }
}

impl Above {
    fn below(&mut self, width: u64) -> &mut [Prob] {
        let place = match self.below.iter().position(|(w, _)| *w == width) {
            Some(place) => place,
            None => {
                self.below.push((width, [Prob::new(); 1 << Number::LEARNT]));
                self.below.len() - 1
            }
        };
        &mut self.below[place].1
    }
}

/// `count` bits under probabilities chosen by the bits before: node 1 for the first, 2 × node + bit for the next.
fn tree(c: &mut Coder<'_>, probs: &mut [Prob], count: u32, value: &mut u64) -> Result<(), Fault> {
    let mut node = 1;
    for i in (0..count).rev() {
        let mut bit = *value >> i & 1 == 1;
        c.bit(&mut probs[node], &mut bit)?;
        node = node << 1 | usize::from(bit);
    }
    *value = (node - (1 << count)) as u64;
    Ok(())
}

/// A field whose values are near the one before: the difference, wrapping, under one of four models chosen by how the
/// value before differed from its own predecessor (0, −1, 1, more). So a column that alternates costs nothing either.
#[derive(Clone, Debug)]
pub(super) struct Column {
    last: i64,
    context: usize,
    models: [Number; 4],
}

impl Column {
    pub(super) fn new() -> Self {
        Column { last: 0, context: 0, models: std::array::from_fn(|_| Number::new()) }
    }

    /// The next value.
    pub(super) fn int(&mut self, c: &mut Coder<'_>, n: &mut i64) -> Result<(), Fault> {
        self.models[self.context].near(c, n, self.last)?;
        self.context = match n.wrapping_sub(self.last) {
            0 => 0,
            -1 => 1,
            1 => 2,
            _ => 3,
        };
        self.last = *n;
        Ok(())
    }

    /// The next value of an unsigned column.
    pub(super) fn uint(&mut self, c: &mut Coder<'_>, n: &mut u64) -> Result<(), Fault> {
        let mut signed = *n as i64;
        self.int(c, &mut signed)?;
        *n = signed as u64;
        Ok(())
    }
}

/// One of a list of choices, by its place.
pub(super) fn choice<T: Copy + PartialEq>(
    c: &mut Coder<'_>,
    number: &mut Number,
    all: &[T],
    value: &mut T,
) -> Result<(), Fault> {
    let mut place = all.iter().position(|v| v == value).unwrap_or(0) as u64;
    number.uint(c, &mut place)?;
    let place = usize::try_from(place).ok().and_then(|p| all.get(p));
    *value = *place.ok_or(Fault::new("a choice that this version doesn't know"))?;
    Ok(())
}

/// A value that may be absent: a bit, then the value. `empty` is what a reader fills.
pub(super) fn option<T>(
    c: &mut Coder<'_>,
    prob: &mut Prob,
    value: &mut Option<T>,
    empty: T,
    each: impl FnOnce(&mut Coder<'_>, &mut T) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut some = value.is_some();
    c.bit(prob, &mut some)?;
    if some { each(c, value.get_or_insert(empty)) } else { Ok(()) }
}

/// A list: its length, then its items. `empty` makes what a reader fills.
pub(super) fn list<T>(
    c: &mut Coder<'_>,
    length: &mut Number,
    name: &'static str,
    items: &mut Vec<T>,
    empty: impl Fn() -> T,
    mut each: impl FnMut(&mut Coder<'_>, &mut T) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut len = items.len() as u64;
    length.uint(c, &mut len)?;
    for i in 0..usize::try_from(len).map_err(|_| Fault::TooLarge)? {
        if c.reads() {
            c.charge(size_of::<T>())?;
            items.push(empty());
        }
        each(c, &mut items[i]).map_err(|fault| fault.within(name, i))?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_number_reads_back(
            numbers in proptest::collection::vec(prop_oneof![any::<i64>(), -4..4i64, Just(i64::MIN), Just(i64::MAX)], 0..200),
        ) {
            let mut c = Coder::writer();
            let (mut number, mut column) = (Number::new(), Column::new());
            for n in &numbers {
                number.uint(&mut c, &mut (*n as u64)).unwrap();
                number.int(&mut c, &mut { *n }).unwrap();
                column.int(&mut c, &mut { *n }).unwrap();
            }
            let (stream, _) = c.finish();
            let mut c = Coder::reader(&stream, &[], 1 << 16);
            let (mut number, mut column) = (Number::new(), Column::new());
            for n in &numbers {
                let (mut a, mut b, mut d) = (0, 0, 0);
                number.uint(&mut c, &mut a).unwrap();
                number.int(&mut c, &mut b).unwrap();
                column.int(&mut c, &mut d).unwrap();
                prop_assert_eq!((a, b, d), (*n as u64, *n, *n));
            }
            prop_assert_eq!(c.end(), Ok(()));
        }
    }
}
