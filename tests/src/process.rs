//! The program `sanji` as a process of its own: its commands, and `sanji serve`, killed and stopped.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Outcome;

/// How long a process may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program on a data folder.
pub struct Sanji {
    program: PathBuf,
    /// The folder in which it is called; the data folder lies in it.
    pub folder: PathBuf,
}

impl Sanji {
    /// The program that was built beside this one.
    ///
    /// # Errors
    /// When it wasn't built.
    pub fn new(folder: &Path) -> Outcome<Self> {
        let test = std::env::current_exe()?;
        let name = format!("sanji{}", std::env::consts::EXE_SUFFIX);
        let found = test.ancestors().skip(1).take(2).map(|dir| dir.join(&name)).find(|path| path.is_file());
        let program = found.ok_or("the program isn't built: run `cargo build -p sanji-server` in the same profile")?;
        Ok(Sanji { program, folder: folder.into() })
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).arg("--data").arg(self.data()).arg("--json").current_dir(&self.folder);
        for name in std::env::vars_os().map(|(name, _)| name).filter(|n| n.to_string_lossy().starts_with("SANJI_")) {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command.
    ///
    /// # Errors
    /// When it can't be run.
    pub fn run(&self, words: &[&str]) -> Outcome<Output> {
        Ok(self.command(words).output()?)
    }

    /// Runs a command that must succeed; gives what it printed as JSON.
    ///
    /// # Errors
    /// When it fails, or prints something else.
    pub fn json(&self, words: &[&str]) -> Outcome<Value> {
        let output = self.run(words)?;
        if !output.status.success() {
            return Err(format!("{words:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Writes a file for a command to read; gives its name.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn file<'a>(&self, name: &'a str, text: &str) -> Outcome<&'a str> {
        std::fs::write(self.folder.join(name), text)?;
        Ok(name)
    }

    /// Starts `sanji serve` and waits until it says where it listens.
    ///
    /// # Errors
    /// When it doesn't start.
    pub fn serve(&self, listen: SocketAddr, more: &[&str]) -> Outcome<Serve> {
        let listen = listen.to_string();
        let words = [&["serve", "--listen", &listen, "--log", "warn"], more].concat();
        let mut child = self.command(&words).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().ok_or("its output is piped")?;
        let mut serve = Serve { child, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let started: Value = serde_json::from_str(&line).map_err(|_| format!("sanji serve said {line:?}"))?;
        serve.address = started["listening"].as_str().ok_or("it says where it listens")?.parse()?;
        Ok(serve)
    }
}

/// A running `sanji serve`. It is killed when this is dropped.
pub struct Serve {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Serve {
    /// Ends it at once, as a power cut does to a process: SIGKILL.
    ///
    /// # Errors
    /// When it had ended already.
    pub fn kill(mut self) -> Outcome<()> {
        if let Some(status) = self.child.try_wait()? {
            return Err(format!("it had ended already: {status}").into());
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    ///
    /// # Errors
    /// When it doesn't end in time.
    pub fn terminate(mut self) -> Outcome<ExitStatus> {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        if !asked.success() {
            return Err("the signal could not be sent".into());
        }
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err("it did not end".into())
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
