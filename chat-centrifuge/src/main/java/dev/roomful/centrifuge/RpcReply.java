package dev.roomful.centrifuge;

import dev.roomful.Payload;
import dev.roomful.admission.Rejection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The reply to an rpc call: data or an error. Immutable. */
public final class RpcReply {
  private final @Nullable Payload data;
  private final @Nullable ClientError error;

  private RpcReply(@Nullable Payload data, @Nullable ClientError error) {
    this.data = data;
    this.error = error;
  }

  /**
   * Returns a reply with data.
   *
   * @param data JSON as text; JSON clients receive other text as a JSON string, and bytes that are
   *     not JSON as an object with the member {@code base64}
   * @return the reply
   */
  public static RpcReply of(Payload data) {
    return new RpcReply(Objects.requireNonNull(data, "data"), null);
  }

  /**
   * Returns a reply with text.
   *
   * @param json JSON; JSON clients receive other text as a JSON string
   * @return the reply
   */
  public static RpcReply of(String json) {
    return of(Payload.text(json));
  }

  /**
   * Returns an error with the status and the reason of a rejection. It is temporary if the
   * rejection says when to try again.
   *
   * @param rejection the rejection
   * @return the reply
   */
  public static RpcReply rejected(Rejection rejection) {
    String reason = rejection.reason().isEmpty() ? rejection.code() : rejection.reason();
    return new RpcReply(
        null, new ClientError(rejection.status(), reason, !rejection.retryAfter().isZero()));
  }

  /**
   * Returns an error with a code of the application.
   *
   * @param code the code for programs, 400 to 1999
   * @param message the message for people
   * @return the reply
   * @throws IllegalArgumentException if the code is out of range
   */
  public static RpcReply error(int code, String message) {
    if (code < 400 || code > 1999) {
      throw new IllegalArgumentException(
          "rpc error code is " + code + ": must be between 400 and 1999");
    }
    return new RpcReply(null, new ClientError(code, message, false));
  }

  Reply.Outcome outcome() {
    return data != null
        ? new Reply.RpcResult(ProtocolMapping.data(data))
        : Objects.requireNonNull(error);
  }

  @Override
  public String toString() {
    return data != null ? "RpcReply[" + data + "]" : "RpcReply[" + error + "]";
  }
}
