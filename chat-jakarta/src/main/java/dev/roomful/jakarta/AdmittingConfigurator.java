package dev.roomful.jakarta;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Rejection;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The configurator of a container without servlets: decides in the middle of the handshake. */
final class AdmittingConfigurator extends UpgradeConfigurator {
  /**
   * Where the entry waits for the session. The map is a copy for each handshake (Jakarta WebSocket
   * 2.1 section 3.1.7), so that no two handshakes meet.
   */
  static final String ADMISSION_KEY = AdmittingConfigurator.class.getName();

  private static final int RECENT_KEYS = 1024;

  private final JakartaChat mount;
  private final JakartaChat.HandshakeRejector rejector;

  /** Keys of the last handshakes, the oldest first; guarded by itself. */
  private final Set<String> recentKeys = new LinkedHashSet<>();

  AdmittingConfigurator(JakartaChat mount, JakartaChat.HandshakeRejector rejector) {
    super(mount, null);
    this.mount = mount;
    this.rejector = rejector;
  }

  @Override
  public void modifyHandshake(
      ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
    String path = request.getRequestURI().getRawPath();
    Admission admission =
        mount
            .path()
            .matchEnd(path)
            .map(parameters -> admit(request, parameters))
            .orElseGet(() -> new Rejection(404, "path", "the chat is at " + mount.path()));
    if (admission instanceof AcceptedAdmission accepted) {
      config
          .getUserProperties()
          .put(ADMISSION_KEY, new OneTimeAdmission(accepted, new AtomicBoolean()));
      return;
    }
    Rejection rejection = (Rejection) admission;
    try {
      rejector.reject(response, rejection);
    } catch (Exception thrown) {
      throw AdmittingConfigurator.<RuntimeException>unchecked(thrown);
    }
    throw new IllegalStateException(
        "the refuser has to throw what its container refuses by; it returned for " + rejection);
  }

  /** The entry that waits there, once: it admits one connection. */
  static @Nullable AcceptedAdmission takeAdmission(Map<String, Object> userProperties) {
    return userProperties.get(ADMISSION_KEY) instanceof OneTimeAdmission admission
            && admission.used.compareAndSet(false, true)
        ? admission.accepted
        : null;
  }

  /** An entry, and whether it has been used. */
  record OneTimeAdmission(AcceptedAdmission accepted, AtomicBoolean used) {}

  private Admission admit(HandshakeRequest request, Map<String, String> parameters) {
    EndpointHandshake handshake = new EndpointHandshake(request, parameters);
    if (handshake.header("sec-websocket-key").filter(this::isRepeated).isPresent()) {
      return new Rejection(400, "handshake-repeated", "a handshake needs a key of its own");
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
