package dev.roomful.testkit;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The network between a {@link WireFaultClient} and the server: has at most one fault at a time.
 */
final class WireFaultLink implements AutoCloseable {
  private interface Action {
    void run() throws IOException;
  }

  private final TcpProxy proxy;

  // Guarded by this.
  private @Nullable Action repair;
  private long due;

  WireFaultLink(URI server) throws IOException {
    proxy = new TcpProxy(server);
  }

  URI address() {
    return proxy.address();
  }

  /**
   * Begins a fault that {@link #repair} ends.
   *
   * @return what it is, or null if there is one already
   */
  synchronized @Nullable String begin(Random random) throws IOException {
    int kind = random.nextInt(10);
    int size = random.nextInt(2000);
    if (repair != null) {
      return null;
    }
    repair = proxy::restore;
    return switch (kind) {
      case 0 -> {
        proxy.delay(Duration.ofMillis(1 + size / 40));
        yield during(1500, random, "delays by " + (1 + size / 40) + " ms");
      }
      case 1 -> {
        proxy.throttle(1000 << size % 7);
        yield during(1500, random, "carries " + (1000 << size % 7) + " bytes/s");
      }
      case 2 -> {
        proxy.stall();
        yield during(1500, random, "stalls");
      }
      case 3 -> {
        proxy.stopReading();
        yield during(2500, random, "reads nothing from the server");
      }
      case 4 -> {
        proxy.halfClose();
        yield during(300, random, "is half-closed by the server");
      }
      case 5 -> {
        proxy.halfCloseClients();
        yield during(300, random, "is half-closed by the client");
      }
      case 6 -> {
        proxy.cut();
        yield during(300, random, "is cut");
      }
      case 7 -> {
        proxy.cutAfterClientBytes(1 + size / 4);
        yield during(600, random, "is cut after " + (1 + size / 4) + " bytes of the client");
      }
      case 8 -> {
        proxy.cutAfterServerBytes(1 + size);
        yield during(600, random, "is cut after " + (1 + size) + " bytes of the server");
      }
      default -> {
        // Bytes are missing: the connections cannot go on.
        repair = this::cutAndRestore;
        if (size % 2 == 0) {
          proxy.mute();
          yield during(1500, random, "drops what the server sends");
        }
        proxy.blackHole();
        yield during(1500, random, "drops everything");
      }
    };
  }

  private String during(int maxMillis, Random random, String what) {
    int millis = 1 + random.nextInt(maxMillis);
    due = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    return what + " for " + millis + " ms";
  }

  private void cutAndRestore() throws IOException {
    proxy.cut();
    proxy.restore();
  }

  /** Ends a fault whose time is over. */
  synchronized void repair() throws IOException {
    if (due - System.nanoTime() <= 0) {
      heal();
    }
  }

  /** Ends the fault, if there is one. */
  synchronized void heal() throws IOException {
    Action action = repair;
    if (action != null) {
      action.run();
      repair = null;
    }
  }

  /** Carries nothing any more, so that the server does not see how connections end. */
  void blackHole() {
    proxy.blackHole();
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }
}
