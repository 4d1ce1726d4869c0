# 记录的去向、时间的可信程度、未计入的原因
outbox-waiting = 已存在本机,待发送
outbox-delivered = 已送达
outbox-flagged = 未计入,已告知校长
outbox-unsent = { $count } 条待发送
outbox-all-delivered = 全部已送达

clock-verified = 时间已核实
clock-consistent = 时间相符
clock-unverified = 时间待核(以手机为准)
clock-clock_differs = 手机时间与县里不一致
clock-off-by = 手机时间相差 { $length }

flagged = 未计入:{ $reason }。已告知校长
flag-not_allowed = 当时没有这项权限
flag-authority_unsure = 时间范围内权限不确定,请现任负责人确认
flag-after_loss = 手机报失之后的记录
flag-after_revocation = 手机停用之后经文件送来的记录
flag-twin = 同一序号有两份不同的记录
flag-newer = 由更新的版本写入,升级后可见
flag-recovered = 由他人手机带回,等待本人或管理员确认
flag-unreadable = 内容无法读取,原样保留

conflict = 两人同时改了这一项
waiting-for = 等待另一条记录送达
not-recorded = 没有记录
void = 撤销
