package org.sanji.app

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.security.KeyStore
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey

/** Where the keys of one folder of records lie, which never leave the phone: one, and another after it was lost. */
interface KeyBox {
    /** The names of the keys there are. */
    fun names(): List<Long>

    /** The key of a name; absent if there is none. */
    fun key(name: Long): SecretKey?

    /** Makes a key of a name that was never used. The others stay: what they wrapped may be asked for again. */
    fun make(name: Long): SecretKey
}

/**
 * The system's Keystore, with a key for each name under [alias]. A key asks for no finger and no screen lock, so that records are kept and sent while the phone lies in a
 * pocket, and a new finger or lock doesn't take it away; it may lie in a separate chip but need not, since many phones have none.
 */
class AndroidKeyBox(private val alias: String) : KeyBox {
    private val store: KeyStore by lazy { KeyStore.getInstance(STORE).apply { load(null) } }

    override fun names(): List<Long> =
        store.aliases().toList().filter { it.startsWith("$alias.") }.mapNotNull { it.substringAfterLast('.').toLongOrNull() }

    override fun key(name: Long): SecretKey? = store.getKey("$alias.$name", null) as SecretKey?

    override fun make(name: Long): SecretKey {
        val use = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec = KeyGenParameterSpec.Builder("$alias.$name", use)
            .setKeySize(256)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE).apply { init(spec) }.generateKey()
    }

    private companion object {
        const val STORE = "AndroidKeyStore"
    }
}
