//! Teaching-support visits (HZ 附2, GZ 四): plan, measures, record, summary, people, grade, pictures (kinds 144 to 191).

use super::field::{choice, record};
use crate::crypto::BlobHash;
use crate::ids::{GroupId, PersonId, PostingId, SchoolId};
use crate::time::Minutes;
use jiff::civil::Date;

choice! {
    /// The kind of a visit (policy.md decision 11).
    VisitKind {
        /// 现场指导
        1 OnSiteGuidance = "on_site_guidance",
        /// 推门听课
        2 DropInObservation = "drop_in_observation",
        /// 示范课
        3 DemonstrationLesson = "demonstration_lesson",
        /// 讲座培训
        4 Training = "training",
        /// 联合教研
        5 JointResearch = "joint_research",
        /// 送教下乡
        6 LessonDelivery = "lesson_delivery",
        /// 跟岗学习
        7 Shadowing = "shadowing",
        /// 开放活动
        8 OpenDay = "open_day",
        /// 成果展示
        9 ResultsShow = "results_show",
        /// 工作会议
        10 Meeting = "meeting",
        /// 督查
        11 Inspection = "inspection",
        /// 工会活动
        12 UnionActivity = "union_activity",
        /// 期末总结
        13 TermSummary = "term_summary",
    }
}

choice! {
    /// The four fields of a pairing (HZ 附2 二(三)).
    PairingField {
        /// 业务引领
        1 Guidance = "guidance",
        /// 常规管理
        2 Management = "management",
        /// 校际教研
        3 Research = "research",
        /// 教师互派
        4 Exchange = "exchange",
    }
}

choice! {
    /// The four parts of a visit's archive (GZ 四3).
    Part {
        /// 计划
        1 Plan = "plan",
        /// 措施
        2 Measures = "measures",
        /// 记录
        3 Record = "record",
        /// 总结
        4 Summary = "summary",
    }
}

record! {
    /// Plans a visit; with `re` it changes the plan. The first entry of a visit names its host.
    VisitPlan {
        /// What kind of visit.
        10 kind: VisitKind,
        /// For which day.
        11 date: Date,
        /// The school that is visited.
        12 host: SchoolId,
        /// The school that visits, of a pairing.
        13 from: Option<SchoolId>,
        /// The group of the pairing.
        14 group: Option<GroupId>,
        /// The field of the pairing.
        15 field: Option<PairingField>,
        /// Who comes.
        16 visitors: Vec<PersonId>,
        /// Teachers that the visit is about.
        17 teachers: Vec<PostingId>,
        /// Whether the host may know before it is opened on site.
        18 announced: Option<bool>,
    }
}

record! {
    /// Opens the visit on site.
    VisitOpen {}
}

record! {
    /// Closes the visit on site.
    VisitClose {
        /// Time spent on the visit's purpose, if it differs from the time on site.
        10 minutes: Option<Minutes>,
    }
}

record! {
    /// Writes a part of the archive; `re` names the text that it replaces.
    VisitPart {
        /// Which part.
        10 part: Part,
        /// The text.
        11 text: String,
    }
}

record! {
    /// Somebody at the visit.
    Participant {
        /// The person, if known to the county.
        1 person: Option<PersonId>,
        /// The name otherwise.
        2 name: Option<String>,
        /// What for.
        3 duty: Option<String>,
    }
}

record! {
    /// Who took part; `re` names the list that it replaces.
    VisitPeople {
        /// The people.
        10 people: Vec<Participant>,
    }
}

record! {
    /// A lesson observed, its review (讲评) and grade (HZ 二(二)3); `re` names the one that it replaces.
    Observation {
        /// The teacher.
        10 teacher: PostingId,
        /// The lesson.
        11 lesson: String,
        /// The review.
        12 review: Option<String>,
        /// The grade, in the county's words.
        13 grade: Option<String>,
        /// Length.
        14 minutes: Option<Minutes>,
    }
}

record! {
    /// A note of the visit.
    VisitNote {
        /// The note.
        10 text: String,
    }
}

record! {
    /// A picture of the visit (图片采集, GZ 三).
    VisitPicture {
        /// The picture, one of the entry's blobs.
        10 picture: BlobHash,
        /// What it shows.
        11 caption: Option<String>,
    }
}

record! {
    /// Shares the visit with the observed teachers.
    VisitShare {
        /// With whom.
        10 with: Vec<PostingId>,
    }
}

record! {
    /// An observed person's answer to a shared visit.
    ObservedAnswer {
        /// The answer.
        10 text: String,
    }
}
