package org.sanji.checks

import org.sanji.core.Affairs
import org.sanji.core.AffairsInterface
import org.sanji.core.Cancellation
import org.sanji.core.CancellationInterface
import org.sanji.core.Phone
import org.sanji.core.PhoneInterface
import org.sanji.core.Words
import org.sanji.core.WordsInterface
import java.io.File
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Proxy
import java.util.concurrent.ConcurrentSkipListSet

/** What was called of each exported object, so that nothing is exported that no check calls. */
object Used {
    /** Of the generator itself. */
    private const val CALLBACKS = "FfiConverterCallbackInterface.class"

    private val called = ConcurrentSkipListSet<String>()

    private fun name(of: Class<*>, method: String) = "${of.simpleName}.${method.substringBefore('-')}"

    /** The object behind an interface that remembers what was called. */
    fun <T : Any> noted(of: Class<T>, target: T): T {
        val proxy = Proxy.newProxyInstance(of.classLoader, arrayOf(of)) { _, method, args ->
            called.add(name(of, method.name))
            try {
                method.invoke(target, *(args ?: emptyArray()))
            } catch (e: InvocationTargetException) {
                throw e.targetException
            }
        }
        return of.cast(proxy)
    }

    /** The generated interfaces: one for each exported object. */
    private fun generated(): List<Class<*>> {
        val classes = File(PhoneInterface::class.java.protectionDomain.codeSource.location.path, "org/sanji/core")
        val names = checkNotNull(classes.list()).filter { it.endsWith("Interface.class") && '$' !in it && it != CALLBACKS }
        return names.map { Class.forName("org.sanji.core.${it.removeSuffix(".class")}") }
    }

    /** What the generated interfaces offer and nobody called. */
    fun uncalled(): List<String> = generated()
        // What fills in an argument that was left out calls the one that is asked for.
        .flatMap { of -> of.declaredMethods.filterNot { it.name.endsWith("\$default") }.map { name(of, it.name) } }
        .filter { it !in called }
        .distinct()
        .sorted()
}

/** A phone whose calls are remembered. */
class UsedPhone(private val phone: Phone) :
    PhoneInterface by Used.noted(PhoneInterface::class.java, phone), AutoCloseable by phone

/** An object to be given to a phone, and the calls on it, which are remembered. */
class Given<T, I>(val target: T, val calls: I)

/** A cancellation whose calls are remembered. */
fun used(cancellation: Cancellation) = Given(cancellation, Used.noted(CancellationInterface::class.java, cancellation))

/** Affairs whose calls are remembered. */
fun used(affairs: Affairs) = Given(affairs, Used.noted(AffairsInterface::class.java, affairs))

/** Words whose calls are remembered. */
fun used(words: Words): WordsInterface = Used.noted(WordsInterface::class.java, words)
