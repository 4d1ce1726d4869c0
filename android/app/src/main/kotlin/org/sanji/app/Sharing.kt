package org.sanji.app

import android.content.ClipData
import android.content.ContentProvider
import android.content.ContentValues
import android.content.Context
import android.content.Intent
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.ParcelFileDescriptor
import android.provider.OpenableColumns
import java.io.File
import java.io.FileNotFoundException

/**
 * Files that other apps may read, or write where they were asked to (a camera its picture), one by one and by grant: they lie in a
 * folder of their own in the cache, so that nothing else of this app can be named.
 */
class SharedFiles : ContentProvider() {
    override fun onCreate(): Boolean = true

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        val file = file(uri)
        if (mode == "r" && !file.isFile) throw FileNotFoundException(uri.toString())
        return ParcelFileDescriptor.open(file, ParcelFileDescriptor.parseMode(mode))
    }

    override fun query(uri: Uri, wanted: Array<String>?, where: String?, args: Array<String>?, order: String?): Cursor {
        val file = file(uri)
        val known = mapOf<String, Any>(OpenableColumns.DISPLAY_NAME to file.name, OpenableColumns.SIZE to file.length())
        val columns = wanted?.filter { it in known }?.toTypedArray() ?: known.keys.toTypedArray()
        return MatrixCursor(columns, 1).apply { addRow(columns.map { known[it] }) }
    }

    override fun getType(uri: Uri): String =
        if (file(uri).extension == "jpg") "image/jpeg" else "application/octet-stream"

    override fun insert(uri: Uri, values: ContentValues?): Uri? = throw UnsupportedOperationException()

    override fun update(uri: Uri, values: ContentValues?, where: String?, args: Array<String>?): Int =
        throw UnsupportedOperationException()

    override fun delete(uri: Uri, where: String?, args: Array<String>?): Int = throw UnsupportedOperationException()

    private fun file(uri: Uri): File {
        val name = uri.pathSegments.singleOrNull() ?: throw FileNotFoundException(uri.toString())
        // A decoded segment may hold a slash, or be "..": only a plain name is one of ours.
        if (name != File(name).name || name.startsWith(".")) throw FileNotFoundException(uri.toString())
        return File(folder(requireNotNull(context)), name)
    }

    companion object {
        /** Where shared files lie. */
        fun folder(context: Context): File = File(context.cacheDir, "shared").apply { mkdirs() }

        /** The address under which others know a file of that folder. */
        fun uri(context: Context, name: String): Uri =
            Uri.Builder().scheme("content").authority("${context.packageName}.shared").appendPath(name).build()
    }
}

/** Opens the system's choice of where a file or a text goes. */
class Sharing(private val context: Context) {
    /** Hands a file over. What was shared before is gone from the cache then: it was copied by whoever took it. */
    fun file(name: String, type: String, bytes: ByteArray, title: String): Intent {
        val folder = SharedFiles.folder(context)
        folder.listFiles()?.forEach(File::delete)
        File(folder, name).writeBytes(bytes)
        val uri = SharedFiles.uri(context, name)
        val send = Intent(Intent.ACTION_SEND).setType(type).putExtra(Intent.EXTRA_STREAM, uri)
        send.addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
        // The grant goes with the clip, also through the system's choice.
        send.clipData = ClipData.newRawUri(name, uri)
        return Intent.createChooser(send, title)
    }
}
