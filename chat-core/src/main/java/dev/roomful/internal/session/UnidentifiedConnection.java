package dev.roomful.internal.session;

import dev.roomful.CloseStatus;
import dev.roomful.transport.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose first message decides who it is. It has no session until then.
 *
 * <p>It is decided once: by its first message, by the timer or the end of the chat, which close it,
 * or by its own end. The first two open a session, which is the receiver from then on.
 */
public final class UnidentifiedConnection implements Receiver {
  /** Opens the session of the connection. */
  public interface Decision {
    /** {@return the receiver of a session that has joined a room, or is closed} */
    Receiver identify(String text);

    /** {@return the receiver of a session that is closed} */
    Receiver reject(CloseStatus status);
  }

  final long openedAt;
  final Optional<String> remoteAddress;
  private final Sessions sessions;
  private volatile @Nullable Receiver receiver;

  // Guarded by this.
  private @Nullable Decision decision; // null when somebody is deciding or has decided
  private final List<Consumer<Receiver>> endings = new ArrayList<>(0);

  UnidentifiedConnection(
      Sessions sessions, Decision decision, Optional<String> remoteAddress, long openedAt) {
    this.sessions = sessions;
    this.decision = decision;
    this.remoteAddress = remoteAddress;
    this.openedAt = openedAt;
  }

  @Override
  public void text(String text) {
    Receiver identified = receiver;
    if (identified != null) {
      identified.text(text);
    } else if (text.length() > sessions.environment.limits().messageBytes()) {
      reject(CloseStatus.TOO_BIG);
    } else {
      decide(taken -> taken.identify(text));
    }
  }

  @Override
  public void binary(ByteBuffer bytes) {
    Receiver identified = receiver;
    if (identified != null) {
      identified.binary(bytes);
    } else {
      reject(CloseStatus.NOT_ADMITTED.withReason("the first message has to be a text"));
    }
  }

  @Override
  public void pong() {
    Receiver identified = receiver;
    if (identified != null) {
      identified.pong();
    }
  }

  @Override
  public void fragment() {
    Receiver identified = receiver;
    if (identified != null) {
      identified.fragment();
    }
  }

  @Override
  public void closing(int code, String reason) {
    end(session -> session.closing(code, reason));
  }

  @Override
  public void closed(int code, String reason) {
    if (take() == null) {
      end(session -> session.closed(code, reason));
    } else {
      sessions.remove(this);
    }
  }

  /** Closes the connection, unless it is decided. */
  void reject(CloseStatus status) {
    decide(taken -> taken.reject(status));
  }

  private void decide(Function<Decision, Receiver> action) {
    Decision taken = take();
    if (taken != null) {
      sessions.remove(this); // first: its session counts in its place
      identified(action.apply(taken));
    }
  }

  private synchronized @Nullable Decision take() {
    Decision taken = decision;
    decision = null; // it holds the handshake
    return taken;
  }

  /** Reports an end to the session, or keeps it until there is one. */
  private void end(Consumer<Receiver> ending) {
    Receiver identified;
    synchronized (this) {
      identified = receiver;
      if (identified == null) {
        endings.add(ending);
      }
    }
    if (identified != null) {
      ending.accept(identified);
    }
  }

  private void identified(Receiver session) {
    while (true) {
      List<Consumer<Receiver>> earlier;
      synchronized (this) {
        if (endings.isEmpty()) {
          receiver = session;
          return;
        }
        earlier = List.copyOf(endings);
        endings.clear();
      }
      earlier.forEach(ending -> ending.accept(session));
    }
  }
}
