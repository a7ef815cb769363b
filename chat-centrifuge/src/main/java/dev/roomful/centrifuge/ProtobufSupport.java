package dev.roomful.centrifuge;

import dev.roomful.centrifuge.wire.Wire;
import org.jspecify.annotations.Nullable;

/** Finds out whether the Protobuf runtime is present and fits the generated code. */
final class ProtobufSupport {
  static final String SUBPROTOCOL = "centrifuge-protobuf";

  /** Loaded only where the runtime is present; one instance, so that clients share frames. */
  private static final class Holder {
    static final CentrifugeProtocol PROTOCOL = new CentrifugeProtocol(new ProtobufCodec());
  }

  private ProtobufSupport() {}

  /**
   * Returns the Protobuf form of the protocol, or null without a Protobuf runtime.
   *
   * @throws IllegalStateException if the runtime is older than the generated code: otherwise each
   *     Protobuf client would fail at its first frame
   */
  static @Nullable CentrifugeProtocol load() {
    if (!isPresent()) {
      return null;
    }
    try {
      // Initializes the generated code, which compares its version with that of the runtime.
      var unused = Wire.Reply.getDefaultInstance().isInitialized();
      return Holder.PROTOCOL;
    } catch (RuntimeException | LinkageError failure) {
      throw new IllegalStateException(
          "The protobuf-java on the class path does not fit the generated code of chat-centrifuge ("
              + failure
              + "). Use 4.34.2 or a newer one of the same major version; or remove protobuf-java if"
              + " all clients use JSON.",
          failure);
    }
  }

  private static boolean isPresent() {
    try {
      Class.forName(
          "com.google.protobuf.MessageLite", false, ProtobufSupport.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }
}
