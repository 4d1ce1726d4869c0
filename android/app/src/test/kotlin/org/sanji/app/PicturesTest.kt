package org.sanji.app

import android.content.ContentResolver
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.media.ExifInterface
import android.net.Uri
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import java.io.ByteArrayOutputStream
import java.io.File
import kotlin.random.Random

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = android.app.Application::class)
class PicturesTest {
    @get:Rule val folder = TemporaryFolder()
    private val resolver: ContentResolver = RuntimeEnvironment.getApplication().contentResolver
    private val pictures = Pictures(resolver)

    @Test fun `a large picture becomes small enough to be kept, whatever is in it`() {
        val bytes = checkNotNull(pictures.scaled(photo(3000, 2000, noisy = true)))
        assertTrue("${bytes.size}", bytes.size <= Pictures.MOST_BYTES)
        val (width, height) = size(bytes)
        assertTrue("$width x $height", width <= Pictures.LONGEST && height < width)
    }

    @Test fun `a small picture stays as large as it is`() {
        assertEquals(320 to 240, size(checkNotNull(pictures.scaled(photo(320, 240)))))
    }

    @Test fun `what the camera wrote beside it is gone, and the picture stands upright`() {
        val taken = photo(800, 600)
        ExifInterface(taken.path!!).run {
            setAttribute(ExifInterface.TAG_GPS_LATITUDE, "27/1,7/1,0/1")
            setAttribute(ExifInterface.TAG_GPS_LATITUDE_REF, "N")
            setAttribute(ExifInterface.TAG_MAKE, "Somebody's phone")
            setAttribute(ExifInterface.TAG_ORIENTATION, "${ExifInterface.ORIENTATION_ROTATE_90}")
            saveAttributes()
        }
        assertNotNull(ExifInterface(taken.path!!).getAttribute(ExifInterface.TAG_GPS_LATITUDE))
        val bytes = checkNotNull(pictures.scaled(taken))
        assertEquals(600 to 800, size(bytes))
        val kept = ExifInterface(bytes.inputStream())
        assertNull(kept.getAttribute(ExifInterface.TAG_GPS_LATITUDE))
        assertNull(kept.getAttribute(ExifInterface.TAG_MAKE))
    }

    @Test fun `what is no picture, or isn't there, gives nothing`() {
        assertNull(pictures.scaled(Uri.fromFile(folder.newFile("a.jpg").apply { writeText("今天天气好") })))
        assertNull(pictures.scaled(Uri.fromFile(File(folder.root, "gone.jpg"))))
    }

    @Test fun `no more of a picture is decoded than is needed`() {
        assertEquals(1, pictures.sample(1600, 1200))
        assertEquals(1, pictures.sample(3199, 100))
        assertEquals(2, pictures.sample(3200, 2400))
        assertEquals(8, pictures.sample(100, 16_000))
    }

    private fun photo(width: Int, height: Int, noisy: Boolean = false): Uri {
        val random = Random(5)
        val points = IntArray(width * height) { if (noisy) random.nextInt() else 0xFF406080.toInt() + it % width % 16 }
        val file = folder.newFile()
        file.outputStream().use {
            Bitmap.createBitmap(points, width, height, Bitmap.Config.ARGB_8888).compress(Bitmap.CompressFormat.JPEG, 95, it)
        }
        return Uri.fromFile(file)
    }

    private fun size(jpeg: ByteArray): Pair<Int, Int> {
        val read = BitmapFactory.decodeByteArray(jpeg, 0, jpeg.size)
        assertTrue(ByteArrayOutputStream().also { read.compress(Bitmap.CompressFormat.JPEG, 90, it) }.size() > 0)
        return read.width to read.height
    }
}
