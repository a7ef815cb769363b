package dev.roomful.jakarta;

import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Logs rejected handshakes with code, reason and remote address. A rejection is logged at level
 * INFO if it is the first of its kind within a minute, otherwise at DEBUG. Rejections with the same
 * code and reason are of one kind. Anybody can cause rejections, so the number of entries at level
 * INFO is limited to {@value #MAX_KINDS} a minute.
 */
final class RejectionLog {
  static final int MAX_KINDS = 20;
  static final Duration PERIOD = Duration.ofMinutes(1);

  private static final System.Logger LOG = System.getLogger("dev.roomful.jakarta");

  private final LongSupplier nanoTime;
  private final Set<String> kinds = new HashSet<>(); // of this period; guarded by this
  private long periodStart; // guarded by this

  RejectionLog() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime the clock, as {@link System#nanoTime}
   */
  RejectionLog(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.periodStart = nanoTime.getAsLong();
  }

  void log(Rejection rejection, Handshake handshake) {
    String kind =
        rejection.status()
            + " "
            + EscapedText.of(rejection.code())
            + ": "
            + EscapedText.of(rejection.reason());
    Level level = isFirst(kind) ? Level.INFO : Level.DEBUG;
    if (LOG.isLoggable(level)) {
      LOG.log(
          level,
          "Rejected handshake from "
              + handshake.remoteAddress().orElse("unknown address")
              + ": "
              + kind);
    }
  }

  private synchronized boolean isFirst(String kind) {
    long now = nanoTime.getAsLong();
    if (now - periodStart >= PERIOD.toNanos()) {
      periodStart = now;
      kinds.clear();
    }
    return kinds.size() < MAX_KINDS && kinds.add(kind);
  }
}
