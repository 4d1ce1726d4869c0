//! The fixed words of the field: each is an enum whose `code` is what stands in packs, cases, exports and text keys.

/// Defines an enum of words with `ALL`, `code`, `from_code`, and serde as the code.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$item_doc])* #[serde(rename = $code)] $item,)+
        }

        impl $name {
            /// Every word, in the order of its definition.
            pub const ALL: &[$name] = &[$($name::$item),+];

            /// The word as it is written in packs, cases and exports; it never changes.
            pub fn code(self) -> &'static str {
                match self { $($name::$item => $code,)+ }
            }

            /// The word with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                $name::ALL.iter().copied().find(|word| word.code() == code)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a school is, as far as the office windows go.
    SchoolKind {
        /// 幼儿园.
        Kindergarten = "kindergarten",
        /// 小学.
        Primary = "primary",
        /// 中学, junior and senior.
        Secondary = "secondary",
        /// 中等职业学校.
        Vocational = "vocational",
        /// 特殊教育学校 and 育新学校.
        Special = "special",
    }
}

words! {
    /// Whether somebody is held to the windows or to the day's minutes alone (弹性上下班).
    Hours {
        /// Held to every window and to the day's minutes.
        Regular = "regular",
        /// Held to the day's minutes alone, by the principal's grant for special difficulties.
        Flexible = "flexible",
    }
}

words! {
    /// What became of a request for leave.
    Decision {
        /// Counts.
        Approved = "approved",
        /// Counts nothing.
        Refused = "refused",
        /// Counts nothing yet.
        Pending = "pending",
    }
}

words! {
    /// The way of a check.
    Direction {
        /// 上班签到.
        In = "in",
        /// 下班签退.
        Out = "out",
    }
}

words! {
    /// Kinds of teaching-support visit.
    VisitKind {
        /// 现场指导.
        OnSiteGuidance = "on_site_guidance",
        /// 推门听课.
        DropInObservation = "drop_in_observation",
        /// 示范课.
        DemonstrationLesson = "demonstration_lesson",
        /// 讲座培训.
        Training = "training",
        /// 联合教研.
        JointResearch = "joint_research",
        /// 送教下乡.
        LessonDelivery = "lesson_delivery",
        /// 跟岗学习.
        Shadowing = "shadowing",
        /// 开放活动.
        OpenDay = "open_day",
        /// 成果展示.
        ResultsShow = "results_show",
        /// 工作会议.
        Meeting = "meeting",
        /// 督查.
        Inspection = "inspection",
        /// 工会活动.
        UnionActivity = "union_activity",
        /// 期末总结.
        TermSummary = "term_summary",
    }
}

words! {
    /// What an obligation is owed by.
    SubjectKind {
        /// 任课教师.
        Teacher = "teacher",
        /// 学校, other than a kindergarten.
        School = "school",
        /// 幼儿园.
        Kindergarten = "kindergarten",
        /// 教育集团.
        Group = "group",
        /// 教育联盟.
        Alliance = "alliance",
    }
}

words! {
    /// How long a period is over which an obligation is counted.
    PeriodKind {
        /// 1 September to 31 August.
        SchoolYear = "school_year",
        /// 1 September to 31 January or 1 February to 31 August, unless the county's calendar says otherwise.
        Term = "term",
        /// A calendar month.
        Month = "month",
        /// An ISO week, Monday to Sunday.
        Week = "week",
    }
}

words! {
    /// How strongly a source speaks.
    Force {
        /// 不得, 不低于, 至少, 必须, plain 要.
        Must = "must",
        /// 原则上, 一般, 左右, 宜.
        Principle = "principle",
        /// A goal by a year.
        Target = "target",
        /// The school's or county's choice.
        May = "may",
    }
}

words! {
    /// A chapter of a scheme; each has its own start and scope.
    Chapter {
        /// 集中人员办公.
        Office = "office",
        /// The inquiry after the first phase of the office chapter.
        OfficeReview = "office_review",
        /// 课后服务.
        Service = "service",
        /// 教学帮扶: the obligations that visits prove.
        Visits = "visits",
    }
}
