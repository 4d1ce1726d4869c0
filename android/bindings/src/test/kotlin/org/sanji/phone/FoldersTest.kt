package org.sanji.phone

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.IOException

class FoldersTest {
    @TempDir
    lateinit var root: File

    @Test fun `a new phone has one folder, the first`() {
        assertEquals(1 to emptyList<Int>(), Folders(root).run { current to all() })
    }

    @Test fun `a new folder is begun beside the others, and one goes back to an old one`() {
        val folders = Folders(root).apply { choose(1) }
        File(folders.folder(1), "records").writeText("x")
        assertEquals(2, folders.begin())
        assertEquals(2 to listOf(1, 2), Folders(root).run { current to all() })
        folders.choose(1)
        assertEquals("x", File(folders.folder(Folders(root).current), "records").readText())
        assertEquals(3, folders.begin())
    }

    @Test fun `a new folder that was not named in time leaves the old one in use`() {
        File(Folders(root).folder(1), "records").apply { parentFile.mkdirs() }.writeText("x")
        // Nothing can be written where the current one is named.
        val inTheWay = File(root, "current.new").apply { mkdirs() }
        assertThrows(IOException::class.java) { Folders(root).begin() }
        assertEquals(1 to listOf(1), Folders(root).run { current to all() })
        inTheWay.delete()
        // Named, and ended before it was made.
        File(root, "current").writeText("2")
        assertEquals(1 to 2, Folders(root).run { current to begin() })
    }

    @Test fun `an erased folder's number is not used again`() {
        val folders = Folders(root).apply { choose(1) }
        assertEquals(2, folders.erase(1))
        assertFalse(folders.folder(1).exists())
        assertEquals(listOf(2), folders.all())
        assertEquals(3, folders.erase(2))
    }

    @Test fun `a name that can't be read is the newest folder`() {
        val folders = Folders(root).apply { choose(1) }
        folders.begin()
        File(root, "current").writeText("half of a nu")
        assertEquals(2, Folders(root).current)
        File(root, "current").writeText("17")
        assertEquals(2, Folders(root).current)
        assertTrue(folders.folder(1).isDirectory)
    }
}
