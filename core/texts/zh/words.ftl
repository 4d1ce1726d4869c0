# 固定用语
school-kindergarten = 幼儿园
school-primary = 小学
school-secondary = 中学
school-vocational = 中等职业学校
school-special = 特殊教育学校

hours-regular = 正常上下班
hours-flexible = 弹性上下班

decision-approved = 已批准
decision-refused = 未批准
decision-pending = 待批

direction-in = 上班签到
direction-out = 下班签退

visit-on_site_guidance = 现场指导
visit-drop_in_observation = 推门听课
visit-demonstration_lesson = 示范课
visit-training = 讲座培训
visit-joint_research = 联合教研
visit-lesson_delivery = 送教下乡
visit-shadowing = 跟岗学习
visit-open_day = 开放活动
visit-results_show = 成果展示
visit-meeting = 工作会议
visit-inspection = 督查
visit-union_activity = 工会活动
visit-term_summary = 期末总结

subject-teacher = 任课教师
subject-school = 学校
subject-kindergarten = 幼儿园
subject-group = 教育集团
subject-alliance = 教育联盟

period-school_year = 学年
period-term = 学期
period-month = 月
period-week = 周

force-must = 必须
force-principle = 原则上
force-target = 目标
force-may = 可以

chapter-office = 集中办公
chapter-office_review = 集中办公总结
chapter-service = 课后服务
chapter-visits = 教学帮扶

service = 课后服务
session = 场次
handover = 交接
visit = 帮扶活动
pairing = 对口帮扶
review = 讲评
grade = 等次
publish-week = 公布本周考勤
amendment = 公布后更正

part-plan = 计划
part-measures = 措施
part-record = 记录
part-summary = 总结
field-guidance = 业务引领
field-management = 常规管理
field-research = 校际教研
field-exchange = 教师互派

role-staff = 教职工
role-principal = 校长
role-deputy = 代理审批人
role-coordinator_enrolment = 招生负责人
role-coordinator_fees = 收费负责人
role-kiosk = 签到机
role-group_lead = 集团牵头人
role-group_deputy = 集团副牵头人
role-township = 乡镇中心
role-supervisor = 监督员
role-inspector = 督查员
role-liaison = 局联络员
role-administrator = 管理员
