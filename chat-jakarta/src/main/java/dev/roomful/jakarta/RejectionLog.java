package dev.roomful.jakarta;

import dev.roomful.admission.Handshake;
import dev.roomful.admission.Rejection;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;

/**
 * Logs rejected handshakes with code, reason and remote address, at level DEBUG. A rejected origin
 * is logged with the host that it was compared with, and at level INFO when it is new: it is a page
 * that the application forgot to allow, or a proxy that does not pass on the {@code Host} header.
 * Anybody can cause rejections, so the number of entries at level INFO is limited.
 */
final class RejectionLog {
  static final int MAX_REPORTED_ORIGINS = 100;

  private static final System.Logger LOG = System.getLogger("dev.roomful.jakarta");

  private final Set<String> reportedOrigins = new HashSet<>(); // guarded by itself

  void log(Rejection rejection, Handshake handshake) {
    String origin = "";
    Level level = Level.DEBUG;
    if (rejection.code().equals(Rejection.ORIGIN)) {
      origin =
          " (Origin: " + value(handshake, "origin") + ", Host: " + value(handshake, "host") + ")";
      level = isNew(origin) ? Level.INFO : Level.DEBUG;
    }
    if (LOG.isLoggable(level)) {
      LOG.log(
          level,
          "Rejected handshake from "
              + handshake.remoteAddress().orElse("unknown address")
              + ": "
              + rejection.status()
              + " "
              + Printable.of(rejection.code())
              + ": "
              + Printable.of(rejection.reason())
              + origin);
    }
  }

  private static String value(Handshake handshake, String header) {
    return handshake.header(header).map(Printable::of).orElse("none");
  }

  private boolean isNew(String origin) {
    synchronized (reportedOrigins) {
      return reportedOrigins.size() < MAX_REPORTED_ORIGINS && reportedOrigins.add(origin);
    }
  }
}
