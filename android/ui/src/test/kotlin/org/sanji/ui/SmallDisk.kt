package org.sanji.ui

import java.io.File
import java.io.FileOutputStream
import java.io.IOException

/** A real disk of 2 MB that a test may fill to its last byte. */
class SmallDisk {
    private val disk = File(
        checkNotNull(System.getProperty("sanji.smalldisk")?.ifEmpty { null }) { "name a disk of 2 MB: -Dsanji.smalldisk=…; tests/run android makes one" },
    )
    private val pictures = File(disk, "pictures")

    /** A new folder on it. */
    fun folder(name: String) = File(disk, name).apply { check(mkdir()) { "$this is there already" } }

    /** Takes all the room that is left. */
    fun fill() = FileOutputStream(pictures, true).use { out ->
        for (size in listOf(4_096, 1)) {
            try {
                while (true) out.write(ByteArray(size))
            } catch (_: IOException) {
                // Full, for pieces of this size.
            }
        }
    }

    /** Gives it back. */
    fun empty() = check(pictures.delete()) { "$pictures can't be removed" }
}
