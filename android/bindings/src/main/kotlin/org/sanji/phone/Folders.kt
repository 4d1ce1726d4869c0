package org.sanji.phone

import java.io.File
import java.io.FileOutputStream
import java.io.IOException

/**
 * The folders of records on this phone: one for each owner, `phones/<n>` under a root, and a file that names the current one.
 * Logging out begins a new folder and leaves the old one where it is.
 */
class Folders(private val root: File) {
    private val named = File(root, "current")

    /** The number of the current folder. */
    val current: Int get() = read() ?: all().maxOrNull() ?: 1

    /** The numbers of all folders, oldest first. */
    fun all(): List<Int> = File(root, "phones").list().orEmpty().mapNotNull { it.toIntOrNull() }.sorted()

    /** Where the records of a number are. */
    fun folder(number: Int): File = File(root, "phones/$number")

    /** Begins a new folder and makes it the current one. */
    fun begin(): Int = ((all() + current).max() + 1).also(::choose)

    /** Makes a folder the current one; throws [IOException], and the current one stays, where the disk has no room. */
    @Throws(IOException::class)
    fun choose(number: Int) {
        if (!root.isDirectory && !root.mkdirs()) throw IOException("$root can't be made")
        // Whole or not at all: a cut must not leave half a number.
        val new = File(root, "current.new")
        FileOutputStream(new).use { out ->
            out.write("$number".toByteArray())
            out.fd.sync()
        }
        if (!new.renameTo(named)) throw IOException("the name of the current folder can't be changed")
        // Named before it is there: an end in between leaves the records of before in use, not an empty folder.
        val folder = folder(number)
        if (!folder.isDirectory && !folder.mkdirs()) throw IOException("$folder can't be made")
    }

    /** Erases a folder and begins a new one. For records that have all been delivered: who calls has asked them. */
    fun erase(number: Int): Int = begin().also { folder(number).deleteRecursively() }

    private fun read(): Int? = named.takeIf(File::isFile)?.readText()?.trim()?.toIntOrNull()?.takeIf { folder(it).isDirectory }
}
