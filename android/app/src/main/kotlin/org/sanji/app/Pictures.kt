package org.sanji.app

import android.content.ContentResolver
import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Matrix
import android.media.ExifInterface
import android.net.Uri
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream

/**
 * Makes a picture fit to be kept: at most 256 kB of JPEG, upright, and without what the camera wrote beside it (place, time, make),
 * since the points are written anew.
 */
class Pictures(private val resolver: ContentResolver) {
    /** The picture at an address; absent if it isn't one that can be read. */
    fun scaled(from: Uri): ByteArray? = try {
        val size = BitmapFactory.Options().apply { inJustDecodeBounds = true }
        read(from) { BitmapFactory.decodeStream(it, null, size) }
        decoded(from, size)?.let { compressed(upright(it, turn(from))) }
    } catch (_: IOException) {
        null
    } catch (_: SecurityException) {
        null
    }

    private fun decoded(from: Uri, size: BitmapFactory.Options): Bitmap? {
        if (size.outWidth <= 0 || size.outHeight <= 0) return null
        // Never the whole of a large picture in memory: a phone may have 1 GB of it.
        val options = BitmapFactory.Options().apply { inSampleSize = sample(size.outWidth, size.outHeight) }
        return read(from) { BitmapFactory.decodeStream(it, null, options) }
    }

    /** By what power of two both sides may be divided so that the longer one is still at least [LONGEST]. */
    internal fun sample(width: Int, height: Int): Int {
        var sample = 1
        while (maxOf(width, height) / (sample * 2) >= LONGEST) sample *= 2
        return sample
    }

    private fun turn(from: Uri): Float = try {
        when (read(from) { ExifInterface(it).getAttributeInt(ExifInterface.TAG_ORIENTATION, ExifInterface.ORIENTATION_NORMAL) }) {
            ExifInterface.ORIENTATION_ROTATE_90 -> 90f
            ExifInterface.ORIENTATION_ROTATE_180 -> 180f
            ExifInterface.ORIENTATION_ROTATE_270 -> 270f
            else -> 0f
        }
    } catch (_: IOException) {
        0f
    }

    private fun upright(picture: Bitmap, degrees: Float): Bitmap {
        val scale = LONGEST.toFloat() / maxOf(picture.width, picture.height)
        if (degrees == 0f && scale >= 1f) return picture
        val change = Matrix().apply {
            if (scale < 1f) postScale(scale, scale)
            postRotate(degrees)
        }
        return Bitmap.createBitmap(picture, 0, 0, picture.width, picture.height, change, true)
    }

    /** First coarser, then smaller, until it fits. */
    internal fun compressed(picture: Bitmap): ByteArray {
        var shown = picture
        while (true) {
            for (quality in QUALITIES) {
                val bytes = ByteArrayOutputStream().also { shown.compress(Bitmap.CompressFormat.JPEG, quality, it) }.toByteArray()
                if (bytes.size <= MOST_BYTES) return bytes
            }
            shown = Bitmap.createScaledBitmap(shown, maxOf(1, shown.width * 3 / 4), maxOf(1, shown.height * 3 / 4), true)
        }
    }

    private fun <T> read(from: Uri, use: (InputStream) -> T): T? = resolver.openInputStream(from)?.use(use)

    companion object {
        /** What the core takes at most. */
        const val MOST_BYTES = 256 * 1024

        /** Points of the longer side: writing on a blackboard can still be read. */
        const val LONGEST = 1600

        private val QUALITIES = listOf(80, 65, 50)
    }
}
