//! After-school service (5+2, HZ 附1): what the staff of a school write into its register (kinds 128 to 143), and the
//! county's review of the plan (192 and on).

use super::field::{choice, record};
use super::principal::Decision;
use crate::ids::PostingId;
use jiff::civil::{Date, Time};

choice! {
    /// What a session was about (HZ 附1 三(三)); the last four are forbidden.
    Content {
        /// 阅读
        1 Reading = "reading",
        /// 作业辅导
        2 Homework = "homework",
        /// 学习有困难的帮助补习
        3 Tutoring = "tutoring",
        /// 体育
        4 Sport = "sport",
        /// 艺术
        5 Arts = "arts",
        /// 社团
        6 Club = "club",
        /// 科技
        7 Science = "science",
        /// 劳动
        8 Labour = "labour",
        /// 综合实践
        9 Practice = "practice",
        /// 看护
        10 Care = "care",
        /// 上新课
        11 NewLesson = "new_lesson",
        /// 补课
        12 MakeUpLesson = "make_up_lesson",
        /// 考试训练
        13 ExamDrill = "exam_drill",
        /// 集体教学
        14 ClassTeaching = "class_teaching",
    }
}

choice! {
    /// The stage of the pupils of a session.
    Stage {
        /// Kindergarten.
        1 Kindergarten = "kindergarten",
        /// Primary.
        2 Primary = "primary",
        /// Junior secondary.
        3 Junior = "junior",
        /// Senior secondary.
        4 Senior = "senior",
    }
}

record! {
    /// Who led a session.
    Instructor {
        /// The posting, for own staff.
        1 posting: Option<PostingId>,
        /// The name, for outside staff.
        2 name: Option<String>,
        /// From outside the school.
        3 outside: Option<bool>,
        /// Passed both checks of the school, and the county approved (HZ 附1 三(五)).
        4 vetted: Option<bool>,
    }
}

record! {
    /// A session of after-school service; with `re` it amends an earlier one.
    Session {
        /// The day.
        10 date: Date,
        /// Start.
        11 start: Time,
        /// End, later on the same day.
        12 end: Time,
        /// What it was about.
        13 content: Content,
        /// For whom.
        14 stage: Option<Stage>,
        /// Who led it.
        15 instructors: Vec<Instructor>,
        /// How many pupils were counted.
        16 pupils: Option<u32>,
        /// Which project of the plan.
        17 project: Option<String>,
    }
}

record! {
    /// The handover at the end of the session that `re` names (交接班, HZ 附1 四(二)).
    Handover {
        /// Who took over.
        10 to: Option<PostingId>,
        /// Pupils handed over.
        11 pupils: Option<u32>,
        /// A remark.
        12 text: Option<String>,
    }
}

record! {
    /// A comment on the entries of `re`, or on the document.
    Comment {
        /// The comment.
        10 text: String,
    }
}

record! {
    /// The county reviews and files (审核备案) the plan that `re` names.
    PlanReview {
        /// Approved or refused.
        10 decision: Decision,
        /// Why, asked for where it is a no.
        11 reason: Option<String>,
    }
}
