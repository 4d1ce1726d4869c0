# 考勤与课后服务的结论和依据
status-rest_day = 休息日
status-on_leave = 请假
status-upcoming = 还没到
status-in_progress = 进行中
status-present = 在岗
status-awaiting_sync = 手机还没送来
status-needs_correction = 缺签退,请补正
status-absent = 无在岗记录
status-short_of_five_hours = 不足5小时
status-irregular = 有迟到、早退或离岗

shape-rest_day = –
shape-on_leave = ◇
shape-upcoming = ·
shape-in_progress = ◐
shape-present = ●
shape-awaiting_sync = ◌
shape-needs_correction = ✎
shape-absent = ■
shape-short_of_five_hours = ▲
shape-irregular = ▲
shape-may_be_lost = ?
shape-flagged = ✕

awaiting-since = 手机还没送来(最近一次 { $when })
awaiting-never = 手机还没送来(从未收到)
complete-through = 已收齐至 { $when }
short-by = 不足5小时(差 { $minutes } 分)
not-in-force = 本校尚未实行集中办公,只显示时间,不作结论

finding-late = 迟到 { $minutes } 分
finding-left_early = 早退 { $minutes } 分
finding-away = 中途离岗 { $minutes } 分
finding-absent_from_window = 整段无在岗记录 { $minutes } 分
finding-duplicate_in = 重复签到,已略过
finding-unmatched_out = 签退前没有签到,已略过
finding-missing_check_out = 缺签退
finding-leave_pending = 请假待批
finding-may_be_lost = 手机已停用,可能有未送达的记录
finding-ends_too_late = 结束晚于规定时间
finding-not_a_school_day = 不是上学日
finding-forbidden_content = 内容不得用于课后服务
finding-unvetted_instructor = 校外人员未经审查和审批
finding-no_handover = 没有交接记录
finding-overlaps_same_instructor = 同一人同时带两场
finding-before_dismissal = 早于放学时间
finding-no_service = 当天没有课后服务记录
finding-under_one_hour = 不足1小时
finding-under_two_hours = 不足2小时
finding-over_three_hours = 超过3小时
finding-care_too_many_days = 托管超过规定天数
finding-care_day_too_long = 当天托管超过规定时长

certainty-for_certain = 时间已核实
certainty-if_clock_believed = 时间待核(以手机为准)
certainty-not_met = 未达到

warning-calendar_missing = { $year } 年还没有导入校历,暂按周一至周五计算

obligation-met = 已完成
obligation-not-met = 未完成({ $done } / { $least })
obligation-by-roster = 以名单为准,不由活动次数计算
clause = 依据:{ $clause }

leave-of-kind = 请假({ $kind })
clause-own = 依据:本方案自定
kiosk-since = 签到机还没送来(最近一次 { $when })
kiosk-never = 签到机还没送来(从未收到)
