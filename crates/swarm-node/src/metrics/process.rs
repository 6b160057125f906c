//! What the system says about this process.

use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

/// Memory, open files and age of this process, read when they are asked for.
#[derive(Debug)]
pub(super) struct Process {
    started_seconds: f64,
}

impl Process {
    pub(super) fn new() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started_seconds: since.as_secs_f64() }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let mut gauge = |name, help, unit: Option<&Unit>, value: f64| {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, unit, gauge.metric_type())?)
        };
        let (seconds, octets) = (Unit::Seconds, Unit::Bytes);
        gauge(
            "process_start_time",
            "When the oracle was started, since 1970",
            Some(&seconds),
            self.started_seconds,
        )?;
        if let Some(resident) = resident_octets() {
            gauge("process_resident_memory", "Memory that the process occupies", Some(&octets), resident)?;
        }
        if let Some(files) = open_files() {
            gauge("process_open_files", "Files and sockets that are open", None, files)?;
        }
        Ok(())
    }
}

/// # Source
/// proc(5), `/proc/self/status`: `VmRSS:     12345 kB`.
fn resident_octets() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0)
}

fn open_files() -> Option<f64> {
    let files = std::fs::read_dir("/proc/self/fd").ok()?.count();
    u32::try_from(files).ok().map(f64::from)
}
