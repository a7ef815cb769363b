package dev.roomful.jakarta;

import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Rejection;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configurator of an endpoint that is deployed without a servlet. It admits or rejects while
 * the container answers the handshake.
 */
final class AdmittingConfigurator extends UpgradeConfigurator {
  /**
   * The user property that passes the accepted handshake to the session. Each handshake has its own
   * copy of the map (Jakarta WebSocket 2.1 section 3.1.7).
   */
  static final String HANDSHAKE_KEY = AdmittingConfigurator.class.getName();

  private static final int RECENT_KEYS = 1024;

  private final JakartaChat mount;
  private final JakartaChat.HandshakeRejector rejector;
  private final RejectionLog rejections = new RejectionLog();

  /** The keys of recent handshakes, oldest first; guarded by itself. */
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
    Optional<Map<String, String>> parameters = mount.path().matchEnd(path);
    HandshakeSnapshot handshake =
        EndpointHandshakeReader.copyOf(request, parameters.orElse(Map.of()));
    Admission admission =
        check(path, parameters.isPresent(), handshake)
            .map(Admission.class::cast)
            .orElseGet(() -> mount.gateway().admit(handshake));
    if (admission instanceof AcceptedAdmission accepted) {
      config
          .getUserProperties()
          .put(
              HANDSHAKE_KEY,
              new AcceptedHandshake(
                  accepted,
                  mount.binding(),
                  handshake.remoteAddress().orElse(null),
                  mount.closesOnSessionEnd()
                      ? HttpSessionAccess.connectionsOf(request.getHttpSession())
                      : null));
      return;
    }
    Rejection rejection = (Rejection) admission;
    rejections.log(rejection, handshake);
    try {
      rejector.reject(response, rejection);
    } catch (Exception thrown) {
      throw AdmittingConfigurator.<RuntimeException>unchecked(thrown);
    }
    throw new IllegalStateException(
        "the HandshakeRejector returned for "
            + rejection
            + ": it has to throw the exception by which its container rejects a handshake");
  }

  static @Nullable AcceptedHandshake acceptedHandshake(Map<String, Object> userProperties) {
    return userProperties.get(HANDSHAKE_KEY) instanceof AcceptedHandshake handshake
        ? handshake
        : null;
  }

  private Optional<Rejection> check(String path, boolean matched, HandshakeSnapshot handshake) {
    return HandshakeRules.checkPath(path, matched, mount.path())
        .or(() -> HandshakeRules.checkKey(handshake))
        .or(() -> HandshakeRules.checkQuery(handshake.rawQuery()))
        .or(() -> mount.checkSubprotocols(handshake))
        .or(() -> checkRepetition(handshake));
  }

  private Optional<Rejection> checkRepetition(HandshakeSnapshot handshake) {
    return handshake.header("sec-websocket-key").filter(this::isRepeated).isPresent()
        ? Optional.of(
            new Rejection(
                400, "handshake-repeated", "each handshake needs a new Sec-WebSocket-Key"))
        : Optional.empty();
  }

  /**
   * Tells whether a recent handshake had the same key. A client chooses a random key for each
   * connection (RFC 6455 section 4.1). Tyrus 2.2 opens a session twice when the connection closes
   * during the handshake.
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

  /** Containers reject by checked exceptions, which modifyHandshake does not declare. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Exception> E unchecked(Exception thrown) throws E {
    throw (E) thrown;
  }
}
