package org.sanji.app

import org.junit.Assert.assertEquals
import org.junit.Test
import java.io.File

/** What is checked here with Maven and what Gradle builds elsewhere must be made of the same versions. */
class PinsTest {
    private val android = File(checkNotNull(System.getProperty("app.folder")), "..")
    private val catalogue = pairs("gradle/libs.versions.toml", Regex("(?m)^(\\w+) = \"([\\w.]+)\"$"))
    private val poms = listOf("pom.xml", "jetpack/pom.xml").map { pairs(it, Regex("<([\\w.]+)\\.version>([^<]+)<")) }
        .reduce { all, more -> all + more }

    private fun pairs(file: String, each: Regex): Map<String, String> =
        each.findAll(android.resolve(file).readText()).associate { it.groupValues[1] to it.groupValues[2] }

    @Test fun `libraries that both name have one version`() {
        val same = mapOf(
            "kotlin" to "kotlin", "coroutines" to "coroutines", "jna" to "jna", "zxing" to "zxing", "compose" to "jetpack.compose",
            "material3" to "jetpack.material3", "activity" to "activity", "lifecycle" to "lifecycle",
        )
        for ((here, there) in same) assertEquals(here, checkNotNull(catalogue[here]), poms[there])
    }

    @Test fun `the shrinker that is tried here is of the line that the Android plugin brings`() {
        fun line(version: String?) = checkNotNull(version).substringBeforeLast('.')
        assertEquals(line(catalogue["agp"]), line(poms["r8"]))
    }

    @Test fun `both are for the same Androids`() {
        val levels = pairs("app/pom.xml", Regex("android:(min|target)SdkVersion=&quot;(\\d+)"))
        assertEquals(catalogue["minSdk"] to catalogue["targetSdk"], levels["min"] to levels["target"])
    }

    @Test fun `names in manifest and Gradle files are those of the sources`() {
        val manifest = android.resolve("app/src/main/AndroidManifest.xml").readText()
        val names = Regex("android:name=\"\\.(\\w+)\"").findAll(manifest).map { it.groupValues[1] }
        val sources = listOf("main", "compose").map { android.resolve("app/src/$it/kotlin/org/sanji/app") }
        val missing = names.filterNot { name -> sources.any { it.resolve("$name.kt").isFile || name == "SharedFiles" } }
        assertEquals(emptyList<String>(), missing.toList())
    }
}
