import javax.inject.Inject
import org.gradle.process.ExecOperations

plugins {
    alias(libs.plugins.android.library)
}

/** Builds the library for this machine and has the bindings made of it. Three commands: in one, cargo would unify features. */
abstract class GenerateBindings @Inject constructor(private val commands: ExecOperations) : DefaultTask() {
    @get:Internal abstract val workspace: DirectoryProperty
    @get:InputFiles @get:PathSensitive(PathSensitivity.RELATIVE) abstract val sources: ConfigurableFileCollection
    @get:OutputDirectory abstract val output: DirectoryProperty

    @TaskAction
    fun generate() {
        val root = workspace.get().asFile
        val built = root.resolve("target/debug")
        fun run(vararg command: String) {
            commands.exec {
                workingDir(root)
                environment("CARGO_TARGET_DIR", root.resolve("target").path)
                commandLine(*command)
            }
        }
        run("cargo", "build", "--locked", "-p", "sanji-mobile")
        run("cargo", "build", "--locked", "-p", "sanji-bindgen")
        val library = built.resolve(System.mapLibraryName("sanji_mobile")).path
        val generator = built.resolve("uniffi-bindgen").path
        run(generator, "generate", "--language", "kotlin", "--no-format", "--out-dir", output.get().asFile.path, library)
    }
}

/** Builds the library for one kind of processor, by `cargo ndk`. NDK 28 and later align it to pages of 16 KB by themselves. */
abstract class BuildLibrary @Inject constructor(private val commands: ExecOperations) : DefaultTask() {
    @get:Input abstract val abi: Property<String>
    @get:Input abstract val platform: Property<String>
    @get:Internal abstract val workspace: DirectoryProperty
    @get:Internal abstract val ndk: DirectoryProperty
    @get:InputFiles @get:PathSensitive(PathSensitivity.RELATIVE) abstract val sources: ConfigurableFileCollection
    @get:OutputDirectory abstract val output: DirectoryProperty

    @TaskAction
    fun build() {
        commands.exec {
            workingDir(workspace.get().asFile)
            environment("ANDROID_NDK_HOME", ndk.get().asFile.path)
            environment("CARGO_TARGET_DIR", workspace.get().asFile.resolve("target").path)
            commandLine(
                "cargo", "ndk", "--target", abi.get(), "--platform", platform.get(), "--output-dir", output.get().asFile.path,
                "build", "--locked", "-p", "sanji-mobile", "--profile", "release-mobile",
            )
        }
    }
}

val abis = listOf("arm64-v8a", "armeabi-v7a", "x86_64")
val repository = layout.projectDirectory.dir("../..")
val rust = files(repository.dir("core"), repository.dir("mobile-bindings"), repository.file("Cargo.lock"), repository.file("Cargo.toml"))

android {
    namespace = "org.sanji.phone"
    compileSdk = libs.versions.compileSdk.get().toInt()
    ndkVersion = libs.versions.ndk.get()
    defaultConfig { minSdk = libs.versions.minSdk.get().toInt() }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

val generateBindings = tasks.register<GenerateBindings>("generateBindings") {
    workspace = repository
    sources.from(rust)
}

val buildLibraries = abis.associateWith { of ->
    tasks.register<BuildLibrary>("buildLibrary-$of") {
        abi = of
        platform = libs.versions.minSdk.get()
        workspace = repository
        ndk = androidComponents.sdkComponents.ndkDirectory
        sources.from(rust)
    }
}

androidComponents {
    onVariants { variant ->
        variant.sources.kotlin?.addGeneratedSourceDirectory(generateBindings, GenerateBindings::output)
        for (library in buildLibraries.values) variant.sources.jniLibs?.addGeneratedSourceDirectory(library, BuildLibrary::output)
    }
}

dependencies {
    api(libs.coroutines.android)
    // The .aar has JNA's own library for each kind of processor; the plain jar has not.
    implementation("${libs.jna.get()}@aar")
}
