package dev.roomful.internal.state;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.roomful.Participant;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import java.lang.reflect.Proxy;

/** Any bytes in the place of an entry of a room's log are an event, or are malformed. */
class RoomCodecFuzzTest {
  private static final RoomCodec CODEC =
      new RoomCodec(
          unused(Room.class),
          RoomOptions.defaults(),
          (id, name, attributes) -> unused(Participant.class));

  @FuzzTest
  void anyBytesAreAnEventOrMalformed(byte[] entry) {
    try {
      CODEC.decode(entry);
    } catch (IllegalArgumentException malformed) {
      // As documented: the entry is skipped.
    }
  }

  private static <T> T unused(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }
}
