package org.sanji.app

import android.util.Size
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.nio.ByteBuffer
import kotlin.random.Random

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35], application = android.app.Application::class)
class QrReaderTest {
    private val reader = QrReader()

    @Test fun `an invitation is read, in Chinese too`() {
        for (text in listOf("SANJI1I:0123456789ABCDEF", "帮扶活动·第三小学")) assertEquals(text, reader.read(photo(text)))
    }

    @Test fun `the fullest page of a visit is read`() {
        val random = Random(3)
        val alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:"
        val page = "SANJI1V:" + String(CharArray(1_200) { alphabet[random.nextInt(alphabet.length)] })
        assertEquals(page, reader.read(photo(page, side = 720)))
    }

    @Test fun `a code is read upside down, sideways, light on dark and with noise`() {
        val text = "SANJI1P:PASS"
        for (quarters in 0..3) assertEquals(text, reader.read(photo(text, quarters = quarters)))
        assertEquals(text, reader.read(photo(text, dark = false)))
        assertEquals(text, reader.read(photo(text, noise = 60)))
    }

    @Test fun `a picture without a code has no text, and the next one is read all the same`() {
        assertNull(reader.read(Grey(640, 480, 640, ByteArray(640 * 480) { (it * 31).toByte() })))
        assertEquals("after", reader.read(photo("after")))
    }

    @Test fun `rows may be longer than the picture is wide, and the last one shorter`() {
        val plain = photo("rows")
        val stride = plain.width + 64
        val plane = ByteBuffer.allocateDirect(stride * (plain.height - 1) + plain.width)
        for (y in 0 until plain.height) {
            plane.position(y * stride)
            plane.put(plain.points, y * plain.width, plain.width)
        }
        assertEquals("rows", reader.read(Grey.of(plane, plain.width, plain.height, stride)))
    }

    @Test fun `the camera is asked for a picture that is large enough and not too large`() {
        assertEquals(Size(1280, 960), QrCamera.picked(listOf(Size(4000, 3000), Size(1280, 960), Size(640, 480))))
        assertEquals(Size(4000, 3000), QrCamera.picked(listOf(Size(4000, 3000), Size(8000, 6000))))
        assertNull(QrCamera.picked(emptyList()))
    }
}
