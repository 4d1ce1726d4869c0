package org.sanji.app

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.objectweb.asm.ClassReader
import org.objectweb.asm.ClassVisitor
import org.objectweb.asm.FieldVisitor
import org.objectweb.asm.MethodVisitor
import org.objectweb.asm.Opcodes
import org.objectweb.asm.Type
import java.io.File
import java.util.jar.JarFile

/**
 * No lint is at hand where this is tested, so this looks for itself: every call, field and type of the system that the app names must be
 * in the Android of API 24, or stand in the list below. Of Java's own classes the jar has only some; java.time is in none before API 26.
 */
class OldestAndroidTest {
    private val oldest = JarFile(checkNotNull(System.getProperty("android.oldest")))
    private val folder = File(checkNotNull(System.getProperty("app.folder")))
    private val ofObject = Any::class.java.declaredMethods.map { it.name + Type.getMethodDescriptor(it) }.toSet() + "<init>()V"
    private val known = HashMap<String, Members?>()

    /** What a class of the oldest Android has, by itself, and from whom it inherits. */
    private class Members(val own: Set<String>, val parents: List<String>)

    @Test fun `the app names nothing that Android 7 hasn't got, but behind a look at the version`() {
        assertEquals(GUARDED, named("app").filterNot(::isThere).toSortedSet())
    }

    @Test fun `screens and bindings name nothing that Android 7 hasn't got`() {
        assertEquals(emptyList<String>(), (named("ui") + named("bindings")).filterNot(::isThere).sorted())
    }

    @Test fun `nothing goes by the package that a class stands in, which a release takes away`() {
        val asked = listOf("app", "ui", "bindings").flatMap(::named).filter { it.startsWith("java/lang/Class.getPackage") }
        assertEquals(emptyList<String>(), asked)
    }

    @Test fun `what is newer would be found`() {
        assertTrue(isThere("android/app/job/JobInfo\$Builder.setPersisted(Z)Landroid/app/job/JobInfo\$Builder;"))
        assertTrue(isThere("android/app/job/JobService.getSystemService(Ljava/lang/Class;)Ljava/lang/Object;"))
        assertTrue(!isThere("android/app/job/JobInfo\$Builder.setExpedited(Z)Landroid/app/job/JobInfo\$Builder;"))
        assertTrue(!isThere("java/time/LocalDate.now()Ljava/time/LocalDate;"))
        assertTrue(named("app").size > 200)
    }

    private fun isThere(name: String): Boolean {
        val owner = name.substringBefore('.')
        if (owner.startsWith("java") && members(owner) == null) return LATER.none(owner::startsWith)
        if ('.' !in name) return members(owner) != null
        val member = name.substringAfter('.')
        return generateSequence(listOf(owner)) { level -> level.flatMap { members(it)?.parents.orEmpty() }.ifEmpty { null } }
            .flatten().any { member in members(it)?.own.orEmpty() || isJavasUnknown(it) }
    }

    /** Of what is not in the jar nothing can be said. */
    private fun isJavasUnknown(name: String) = name.startsWith("java") && members(name) == null

    private fun members(of: String): Members? = known.getOrPut(of) {
        if (of == OBJECT) return@getOrPut Members(ofObject, emptyList())
        val entry = oldest.getJarEntry("$of.class") ?: return@getOrPut null
        val own = HashSet<String>()
        val parents = ArrayList<String>()
        val reader = ClassReader(oldest.getInputStream(entry).use { it.readBytes() })
        reader.accept(
            object : ClassVisitor(Opcodes.ASM9) {
                override fun visit(v: Int, access: Int, name: String, s: String?, above: String?, interfaces: Array<String>?) {
                    parents += listOfNotNull(above) + interfaces.orEmpty()
                }

                override fun visitMethod(a: Int, name: String, shape: String, s: String?, e: Array<String>?): MethodVisitor? {
                    own += name + shape
                    return null
                }

                override fun visitField(a: Int, name: String, shape: String, s: String?, value: Any?): FieldVisitor? {
                    own += "$name:$shape"
                    return null
                }
            },
            ClassReader.SKIP_CODE,
        )
        Members(own, parents)
    }

    /** Every name of the system's in a module's classes: `owner`, `owner.name(shape)`, `owner.name:shape`. */
    private fun named(module: String): Set<String> {
        val names = HashSet<String>()
        val ours = folder.resolve("../$module/target/classes").walk().filter { it.extension == "class" && it.name != "R.class" }
        for (file in ours) ClassReader(file.readBytes()).accept(Names(names), ClassReader.SKIP_DEBUG)
        check(names.isNotEmpty()) { "$module has no classes" }
        return names
    }

    private class Names(private val names: MutableSet<String>) : ClassVisitor(Opcodes.ASM9) {
        override fun visit(v: Int, access: Int, name: String, s: String?, above: String?, interfaces: Array<String>?) {
            (listOfNotNull(above) + interfaces.orEmpty()).forEach(::type)
        }

        override fun visitMethod(a: Int, name: String, shape: String, s: String?, e: Array<String>?): MethodVisitor =
            object : MethodVisitor(Opcodes.ASM9) {
                override fun visitMethodInsn(code: Int, owner: String, name: String, shape: String, itf: Boolean) =
                    member(owner, name + shape)

                override fun visitFieldInsn(code: Int, owner: String, name: String, shape: String) = member(owner, "$name:$shape")

                override fun visitTypeInsn(code: Int, type: String) = type(type)
            }

        private fun member(owner: String, member: String) {
            if (isSystems(owner)) names += "$owner.$member"
        }

        private fun type(name: String) {
            val bare = if (name.startsWith("[")) Type.getType(name).elementType else Type.getObjectType(name)
            if (bare.sort == Type.OBJECT && isSystems(bare.internalName)) names += bare.internalName
        }

        private fun isSystems(name: String) = name.startsWith("android/") || name.startsWith("java/") || name.startsWith("javax/")
    }

    private companion object {
        /** Not in the jar: it comes with the machine. */
        const val OBJECT = "java/lang/Object"

        /** Packages of Java that came to Android after API 24. */
        val LATER = listOf("java/time/", "java/net/http/", "java/util/concurrent/Flow")

        /** Each of these stands behind `Build.VERSION.SDK_INT`, in the class that names it. */
        val GUARDED = sortedSetOf(
            "android/app/Notification\$Builder.<init>(Landroid/content/Context;Ljava/lang/String;)V",
            "android/app/NotificationChannel",
            "android/app/NotificationChannel.<init>(Ljava/lang/String;Ljava/lang/CharSequence;I)V",
            "android/app/NotificationManager.createNotificationChannel(Landroid/app/NotificationChannel;)V",
            "android/app/job/JobInfo\$Builder.setExpedited(Z)Landroid/app/job/JobInfo\$Builder;",
            "android/app/job/JobInfo\$Builder.setRequiredNetwork(Landroid/net/NetworkRequest;)Landroid/app/job/JobInfo\$Builder;",
            "android/content/Context.getMainExecutor()Ljava/util/concurrent/Executor;",
            "android/location/Location.isMock()Z",
            "android/location/LocationManager.getCurrentLocation(Ljava/lang/String;Landroid/os/CancellationSignal;Ljava/util/concurrent/Executor;Ljava/util/function/Consumer;)V",
            "android/os/VibrationEffect.createOneShot(JI)Landroid/os/VibrationEffect;",
            "android/os/Vibrator.vibrate(Landroid/os/VibrationEffect;)V",
            "android/os/VibratorManager",
            "android/os/VibratorManager.getDefaultVibrator()Landroid/os/Vibrator;",
        )
    }
}
