//! Made-up reports as teachers write them, long enough and varied enough that a compressor can't learn them by heart.

use rand::{Rng, RngExt};

const WHEN: [&str; 12] = [
    "上午第二节",
    "早读之后",
    "大课间",
    "午饭前",
    "下午第一节",
    "放学前半小时",
    "集体备课时",
    "交流会开始前",
    "听课结束后",
    "巡视各班时",
    "家长接送时段",
    "教研活动中",
];

const WHO: [&str; 16] = [
    "三年级的孩子",
    "两位年轻教师",
    "学前班",
    "语文教研组",
    "带队的骨干教师",
    "新分来的特岗教师",
    "住校生",
    "留守儿童",
    "数学组全体教师",
    "班主任",
    "五年级学生",
    "保育员",
    "幼儿园大班",
    "来访的园长",
    "结对的老师",
    "村小的同事",
];

const DID: [&str; 20] = [
    "一起打磨了一节示范课",
    "把识字卡片重新分了类",
    "讨论了作业量为什么降不下来",
    "练习了分组阅读",
    "检查了食堂留样和消毒记录",
    "整理出一份易错题清单",
    "示范了怎样用废旧材料做教具",
    "对照课程标准修改了教案",
    "演练了一次防震疏散",
    "反复试讲开头的五分钟",
    "记录了课堂提问的次数和对象",
    "交换了两校的月考分析",
    "带着孩子们测量操场",
    "商量了冬季取暖和通风",
    "给图书角补登了借阅卡",
    "看了午睡室和洗手池的情况",
    "听写了二十个生字",
    "做了一次无记名的问卷",
    "排练了集体朗诵",
    "把实验器材清点了一遍",
];

const FOUND: [&str; 20] = [
    "板书清楚,但留给学生思考的时间偏少",
    "后排几个孩子一直没有开口",
    "比上个月安静了许多",
    "普通话还要多练",
    "教具简单却很管用",
    "小组里总是同一个人发言",
    "评价用语有些单一",
    "导入太长,后面赶得急",
    "孩子们愿意上台了",
    "备课本写得认真,反思只有一句",
    "活动区的材料需要更新",
    "家长反映接送时间太紧",
    "计算过关的有二十六人",
    "有三份作业没有批改日期",
    "课堂气氛活跃,重点抓得住",
    "楼道的应急灯坏了一盏",
    "朗读有感情,停顿还不准",
    "书写姿势普遍要纠正",
    "环节之间衔接自然",
    "安全出口前堆了桌椅,当场搬走",
];

const NEXT: [&str; 14] = [
    "约好下周三再来看一次",
    "由教务处跟进",
    "请校长在例会上说明",
    "把这节课录下来给其他村小看",
    "下次带两套挂图来",
    "月底前改完并拍照发来",
    "先在一个班试行",
    "请中心校帮忙借一台投影",
    "写进本学期的计划",
    "两周后交换听课笔记",
    "暂不扩大,先看效果",
    "由年级组长每天抽查五本",
    "请家长委员会一起商量",
    "列入期末总结",
];

/// A report of at least `characters` characters.
pub fn report(rng: &mut impl Rng, characters: usize) -> String {
    let mut text = String::new();
    while text.chars().count() < characters {
        let mut of = |words: &[&'static str]| words[rng.random_range(0..words.len())];
        let (when, who, did, found) = (of(&WHEN), of(&WHO), of(&DID), of(&FOUND));
        text.push_str(&format!("{when},{who}{did};{found}"));
        match rng.random_range(0..3) {
            0 => text.push_str(&format!("。{}", NEXT[rng.random_range(0..NEXT.len())])),
            1 => {
                text.push_str(&format!("(到场 {} 人,用时 {} 分钟)", rng.random_range(3..48), rng.random_range(10..95)))
            }
            _ => {}
        }
        text.push('。');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha12Rng;

    #[test]
    fn reports_are_as_long_as_asked_and_differ() {
        let mut rng = ChaCha12Rng::seed_from_u64(1);
        let reports: Vec<String> = (0..50).map(|_| report(&mut rng, 200)).collect();
        assert!(reports.iter().all(|text| (200..290).contains(&text.chars().count())));
        let mut sentences: Vec<&str> = reports.iter().flat_map(|text| text.split('。')).collect();
        let all = sentences.len();
        sentences.sort_unstable();
        sentences.dedup();
        assert!(sentences.len() * 2 > all, "{} of {all} sentences differ", sentences.len());
    }
}
