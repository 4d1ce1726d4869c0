//! The demonstration's people: the real organisation of Hezhang, and in each of its townships a made-up village school or
//! kindergarten with made-up staff. Names of people are a surname and a Heavenly Stem, as in 王甲: nobody is called so.

use jiff::civil::{Date, date};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use sanji_core::ids::{PersonId, PostingId, SchoolId};
use sanji_core::records::{Role, SchoolKind};

/// The townships of Hezhang (HZ 附2 二), in the order of the groups.
pub const TOWNSHIPS: [&str; 30] = [
    "双河街道",
    "汉阳街道",
    "金银山街道",
    "七家湾街道",
    "白果街道",
    "达依乡",
    "兴发乡",
    "松林坡乡",
    "雉街乡",
    "水塘堡乡",
    "妈姑镇",
    "罗州镇",
    "珠市乡",
    "双坪乡",
    "可乐乡",
    "辅处乡",
    "铁匠乡",
    "河镇乡",
    "德卓镇",
    "安乐溪乡",
    "财神镇",
    "朱明镇",
    "结构乡",
    "六曲河镇",
    "古基镇",
    "哲庄镇",
    "野马川镇",
    "平山镇",
    "古达乡",
    "威奢乡",
];

const PLACES: [&str; 12] =
    ["云岭", "石桥", "松坪", "花坡", "清水", "青杠", "白岩", "新寨", "大湾", "红旗", "桐林", "箐口"];
const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗",
];
const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];

/// Staff with a phone at each school; the first is the principal.
pub const STAFF: usize = 4;

/// Staff of the school with the kiosk who have no phone.
pub const WITHOUT_PHONE: usize = 3;

/// The first day of every posting.
pub const SINCE: Date = date(2026, 2, 1);

/// A made-up school.
#[derive(Clone, Debug)]
pub struct School {
    /// Its id.
    pub id: SchoolId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: SchoolKind,
    /// Its township.
    pub township: &'static str,
}

/// A made-up member of staff.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// The posting.
    pub posting: PostingId,
    /// The name.
    pub name: String,
    /// Place in [`World::schools`].
    pub school: usize,
    /// The role at the school.
    pub role: Role,
    /// Whether the person has a phone.
    pub phone: bool,
}

/// All of them.
#[derive(Clone, Debug)]
pub struct World {
    /// One school for each township, and one more.
    pub schools: Vec<School>,
    /// The staff, school by school, principals first.
    pub people: Vec<Person>,
    /// Place of the school with the kiosk.
    pub kiosk: usize,
}

impl World {
    /// Makes the world of a seed.
    pub fn new(rng: &mut impl Rng) -> Self {
        let mut places = PLACES;
        places.shuffle(rng);
        let mut schools = Vec::new();
        for (i, township) in TOWNSHIPS.iter().chain(&["可乐乡"]).copied().enumerate() {
            let kind = match i % 5 {
                0 | 2 => SchoolKind::Kindergarten,
                4 => SchoolKind::Secondary,
                _ => SchoolKind::Primary,
            };
            let what = match kind {
                SchoolKind::Kindergarten => "幼儿园",
                SchoolKind::Secondary => "中学",
                _ => "小学",
            };
            let stem = township.trim_end_matches(['乡', '镇']).trim_end_matches("街道");
            let name = format!("{stem}{}{what}", places[i % places.len()]);
            schools.push(School { id: SchoolId::random(rng), name, kind, township });
        }
        let kiosk = schools.len() - 1;
        let mut people = Vec::new();
        let mut names: Vec<String> =
            SURNAMES.iter().flat_map(|surname| STEMS.iter().map(move |stem| format!("{surname}{stem}"))).collect();
        names.shuffle(rng);
        for school in 0..schools.len() {
            let others = if school == kiosk { WITHOUT_PHONE } else { 0 };
            for nth in 0..STAFF + others {
                let role = match nth {
                    0 => Role::Principal,
                    1 if school % 4 == 0 => Role::Deputy,
                    _ => Role::Staff,
                };
                let name = names.pop().unwrap_or_else(|| format!("{}{}", SURNAMES[school % 20], people.len()));
                people.push(Person {
                    id: PersonId::random(rng),
                    posting: PostingId::random(rng),
                    name,
                    school,
                    role,
                    phone: nth < STAFF,
                });
            }
        }
        World { schools, people, kiosk }
    }

    /// The principal of a school, as a place in [`World::people`].
    pub fn principal(&self, school: usize) -> usize {
        self.people.iter().position(|p| p.school == school && p.role == Role::Principal).unwrap_or(0)
    }

    /// Draws `count` different people with phones who are neither principals nor deputies, each of another school.
    pub fn draw(&self, rng: &mut impl Rng, count: usize) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.people.len())
            .filter(|i| {
                self.people[*i].phone && self.people[*i].role == Role::Staff && self.people[*i].school != self.kiosk
            })
            .collect();
        places.shuffle(rng);
        let mut drawn: Vec<usize> = Vec::new();
        for place in places {
            if drawn.len() < count && drawn.iter().all(|d| self.people[*d].school != self.people[place].school) {
                drawn.push(place);
            }
        }
        drawn
    }
}

/// Whether something with `percent` in a hundred happens.
pub fn chance(rng: &mut impl Rng, percent: u32) -> bool {
    rng.random_range(0..100) < percent
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    #[test]
    fn every_township_has_a_school_and_enough_staff_have_phones() {
        let world = World::new(&mut StdRng::seed_from_u64(1));
        for township in TOWNSHIPS {
            assert!(world.schools.iter().any(|school| school.township == township), "{township}");
        }
        assert!(world.people.iter().filter(|p| p.phone).count() >= 120);
        let mut names: Vec<&str> = world.people.iter().map(|p| p.name.as_str()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), world.people.len(), "everyone has a name of their own");
        let drawn = world.draw(&mut StdRng::seed_from_u64(2), 20);
        assert_eq!(drawn.len(), 20);
    }

    #[test]
    fn a_seed_gives_the_same_world() {
        let names = |seed| {
            let world = World::new(&mut StdRng::seed_from_u64(seed));
            world.people.iter().map(|p| (p.name.clone(), p.id)).collect::<Vec<_>>()
        };
        assert_eq!(names(3), names(3));
        assert_ne!(names(3), names(4));
    }
}
