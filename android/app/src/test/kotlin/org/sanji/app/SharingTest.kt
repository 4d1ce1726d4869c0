package org.sanji.app

import android.content.Intent
import android.net.Uri
import android.provider.OpenableColumns
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import java.io.File
import java.io.FileNotFoundException

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35], application = android.app.Application::class)
class SharingTest {
    private val context = RuntimeEnvironment.getApplication()
    private val provider = Robolectric.setupContentProvider(SharedFiles::class.java, "org.sanji.app.shared")
    private val bytes = ByteArray(5_000) { it.toByte() }

    @Test fun `a file is offered to other apps, to be read by whoever is chosen`() {
        val chooser = Sharing(context).file("待发送.sanji", "application/octet-stream", bytes, "发送给…")
        assertEquals(Intent.ACTION_CHOOSER, chooser.action)
        @Suppress("DEPRECATION")
        val send = checkNotNull(chooser.getParcelableExtra<Intent>(Intent.EXTRA_INTENT))
        assertTrue(send.flags and Intent.FLAG_GRANT_READ_URI_PERMISSION != 0)
        assertEquals(0, send.flags and Intent.FLAG_GRANT_WRITE_URI_PERMISSION)
        val uri = checkNotNull(send.clipData).getItemAt(0).uri
        assertArrayEquals(bytes, read(uri))
        provider.query(uri, null, null, null, null).use {
            assertTrue(it.moveToFirst())
            assertEquals("待发送.sanji", it.getString(it.getColumnIndexOrThrow(OpenableColumns.DISPLAY_NAME)))
            assertEquals(5_000L, it.getLong(it.getColumnIndexOrThrow(OpenableColumns.SIZE)))
        }
    }

    @Test fun `the next file takes the last one's place`() {
        val sharing = Sharing(context)
        sharing.file("one", "text/plain", bytes, "")
        sharing.file("two", "text/plain", bytes, "")
        assertEquals(listOf("two"), SharedFiles.folder(context).list()!!.toList())
    }

    @Test fun `nothing else of the app can be named`() {
        File(context.filesDir, "secret").writeText("secret")
        File(context.cacheDir, "secret").writeText("secret")
        for (path in listOf("../secret", "..", ".hidden", "a/b", "")) {
            val uri = Uri.parse("content://org.sanji.app.shared/${Uri.encode(path)}")
            assertThrows(path, FileNotFoundException::class.java) { provider.openFile(uri, "r") }
        }
        assertThrows(FileNotFoundException::class.java) { provider.openFile(SharedFiles.uri(context, "not-there"), "r") }
    }

    @Test fun `a camera may write the picture that it was asked for`() {
        val uri = SharedFiles.uri(context, "camera.jpg")
        provider.openFile(uri, "w").use { java.io.FileOutputStream(it.fileDescriptor).use { out -> out.write(bytes) } }
        assertArrayEquals(bytes, read(uri))
        assertEquals("image/jpeg", provider.getType(uri))
        assertFalse(SharedFiles.uri(context, "camera.jpg").toString().contains("cache"))
    }

    private fun read(uri: Uri): ByteArray =
        provider.openFile(uri, "r").use { java.io.FileInputStream(it.fileDescriptor).use { file -> file.readBytes() } }
}
