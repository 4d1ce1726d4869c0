package org.sanji.ui

import org.jetbrains.skia.Color
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Paint
import org.jetbrains.skia.Rect
import org.jetbrains.skia.Surface
import org.junit.jupiter.api.Assertions.assertTrue
import org.sanji.checks.Relay
import org.sanji.phone.Direction
import org.sanji.phone.Instructor
import org.sanji.phone.ServicePlan
import org.sanji.phone.Session

/** A school at work: its principal's and a teacher's phone, two more teachers without one, and a school that is visited. */
class SchoolWork(val world: World) {
    val colleague = "张远"
    val otherSchool = "赫章县第二幼儿园"
    val otherPrincipal = "周校长"

    init {
        world.relay.staff(
            listOf(colleague, "刘敏").map { "${Relay.SCHOOL},$it,教师,是,2026-02-01,," } +
                listOf("$otherSchool,$otherPrincipal,校长,是,2026-02-01,,", "$otherSchool,吴桐,教师,是,2026-02-01,,"),
        )
    }

    val principal = world.phone(Relay.PRINCIPAL)
    val teacher = world.phone(Relay.TEACHER)
    val school = principal.ask { owner() }.postings.single().school
    val posting = teacher.ask { owner() }.postings.single().posting

    /** The principal of the school that is visited. */
    val host by lazy { world.phone(otherPrincipal, otherSchool) }

    /** That school. */
    val hostSchool: String get() = host.ask { owner() }.postings.single().school

    /** The teacher sends, the principal hears of it. */
    fun up() = listOf(teacher, principal).forEach { it.sync() }

    /** The principal sends, the teacher hears of it. */
    fun down() = listOf(principal, teacher).forEach { it.sync() }

    fun postingOf(name: String) = principal.ask { roster(school, today().date) }.single { it.name == name }.posting

    fun personOf(name: String) = principal.ask { roster(school, today().date) }.single { it.name == name }.person

    /** A plan that is in force, and a session of the teacher. */
    fun session(content: String = "reading", date: String = "2026-03-02") = Session(
        date, "16:00", "17:30", content, "kindergarten", listOf(Instructor(posting, null, false, false)), 28u, "阅读",
    )

    fun plan() = principal.ask { planService(school, ServicePlan("2026-02-23", "2026-07-03", listOf("阅读", "足球", "民族舞"), "每天 16:00 至 17:30"), null) }

    /** A kiosk of the school that knows its people; the teacher's PIN is 2468. */
    fun kiosk(): Handset {
        val kiosk = world.phone().apply { ask { enrol(world.relay.inviteKiosk()) } }
        kiosk.sync()
        down()
        teacher.ask { setPin(null, "2468") }
        teacher.sync()
        kiosk.sync()
        return kiosk
    }

    /** The teacher's phone lost its key and asks to be let in again; its six digits. */
    fun lostKey(): String {
        teacher.ask { check(null, Direction.CHECK_IN, null) }
        teacher.keys = org.sanji.checks.MemoryKeys().apply { number = teacher.keys.number }
        teacher.reopened()
        teacher.ask { check(null, Direction.CHECK_OUT, null) }
        teacher.ask { syncNow() }
        return checkNotNull(teacher.ask { approvalDigits() })
    }

    companion object {
        /** A picture as a phone's camera would give it. */
        val photo: ByteArray by lazy {
            val surface = Surface.makeRasterN32Premul(640, 400)
            surface.canvas.clear(Color.makeRGB(214, 204, 184))
            fun block(rgb: Int, rect: Rect) = surface.canvas.drawRect(rect, Paint().apply { color = rgb })
            block(Color.makeRGB(58, 92, 74), Rect.makeXYWH(90f, 40f, 460f, 190f))
            for (desk in 0..3) block(Color.makeRGB(150, 108, 66), Rect.makeXYWH(70f + desk * 135, 290f, 100f, 60f))
            checkNotNull(surface.makeImageSnapshot().encodeToData(EncodedImageFormat.JPEG, 80)).bytes
        }
    }
}

/** It comes about sooner or later; a test that waits for what never comes fails. */
fun eventually(what: String, holds: () -> Boolean) =
    assertTrue(generateSequence { holds() }.take(1_200).onEach { if (!it) Thread.sleep(50) }.any { it }) { "it never came: $what" }
