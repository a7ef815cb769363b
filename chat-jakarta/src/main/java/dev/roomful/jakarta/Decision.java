package dev.roomful.jakarta;

import dev.roomful.Admission;
import dev.roomful.Entry;
import dev.roomful.Refusal;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The configurator of a container without servlets: decides in the middle of the handshake. */
final class Decision extends Admitted {
  /**
   * Where the entry waits for the session. The map is a copy for each handshake (Jakarta WebSocket
   * 2.1 section 3.1.7), so that no two handshakes meet.
   */
  static final String ENTRY = Decision.class.getName();

  private static final int RECENT_KEYS = 1024;

  private final JakartaChat mount;
  private final JakartaChat.Refuser refuser;

  /** Keys of the last handshakes, the oldest first; guarded by itself. */
  private final Set<String> recentKeys = new LinkedHashSet<>();

  Decision(JakartaChat mount, JakartaChat.Refuser refuser) {
    super(mount, null);
    this.mount = mount;
    this.refuser = refuser;
  }

  @Override
  public void modifyHandshake(
      ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
    String path = request.getRequestURI().getRawPath();
    Admission admission =
        mount
            .path()
            .matchEnd(path)
            .map(parameters -> decide(request, parameters))
            .orElseGet(() -> new Refusal(404, "path", "the chat is at " + mount.path()));
    if (admission instanceof Entry entry) {
      config.getUserProperties().put(ENTRY, new Ticket(entry, new AtomicBoolean()));
      return;
    }
    Refusal refusal = (Refusal) admission;
    try {
      refuser.refuse(response, refusal);
    } catch (Exception thrown) {
      throw Decision.<RuntimeException>unchecked(thrown);
    }
    throw new IllegalStateException(
        "the refuser has to throw what its container refuses by; it returned for " + refusal);
  }

  /** The entry that waits there, once: it admits one connection. */
  static @Nullable Entry take(Map<String, Object> userProperties) {
    return userProperties.get(ENTRY) instanceof Ticket ticket
            && ticket.used.compareAndSet(false, true)
        ? ticket.entry
        : null;
  }

  /** An entry, and whether it has been used. */
  record Ticket(Entry entry, AtomicBoolean used) {}

  private Admission decide(HandshakeRequest request, Map<String, String> parameters) {
    UpgradeHandshake handshake = new UpgradeHandshake(request, parameters);
    if (handshake.header("sec-websocket-key").filter(this::isRepeated).isPresent()) {
      return new Refusal(400, "handshake-repeated", "a handshake needs a key of its own");
    }
    return mount.gateway().admit(handshake);
  }

  /**
   * A key is random and for one connection (RFC 6455 section 4.1). Without this, connections that
   * closed in a race were opened twice on Tyrus 2.2.
   */
  private boolean isRepeated(String key) {
    synchronized (recentKeys) {
      boolean repeated = !recentKeys.add(key);
      if (recentKeys.size() > RECENT_KEYS) {
        recentKeys.remove(recentKeys.iterator().next());
      }
      return repeated;
    }
  }

  /** The containers' own exceptions are checked ones, which modifyHandshake does not declare. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Exception> E unchecked(Exception thrown) throws E {
    throw (E) thrown;
  }
}
