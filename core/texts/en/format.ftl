# How dates, times and lengths are written
format-hours-minutes = { $hours } h { $minutes } min
format-hours = { $hours } h
format-minutes = { $minutes } min
format-date = { $day } { $month }
format-day = { $weekday } { $date }
format-days = { $from } – { $to }
format-days-of-month = { $first }–{ $last } { $month }
format-days-counted = { $count ->
        [one] { $days } (1 day)
       *[other] { $days } ({ $count } days)
    }
format-all-day = all day
format-month-1 = January
format-month-2 = February
format-month-3 = March
format-month-4 = April
format-month-5 = May
format-month-6 = June
format-month-7 = July
format-month-8 = August
format-month-9 = September
format-month-10 = October
format-month-11 = November
format-month-12 = December
format-weekday-1 = Mon
format-weekday-2 = Tue
format-weekday-3 = Wed
format-weekday-4 = Thu
format-weekday-5 = Fri
format-weekday-6 = Sat
format-weekday-7 = Sun
