package dev.roomful;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.admission.HistoryRange;
import dev.roomful.admission.Position;
import dev.roomful.admission.Role;
import dev.roomful.protocol.PresenceOptions;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All option types follow one idiom. */
class OptionTypesTest {
  private static final Role.Rule ROLES = (role, action) -> true;
  private static final RoomNotices NOTICES = new RoomNotices() {};
  private static final WelcomeMessage WELCOME = info -> Payload.text("welcome");
  private static final UnaryOperator<String> COMPARISON = UnaryOperator.identity();

  /** A value of each type of parameter, different from all defaults and within all bounds. */
  private static final Map<Class<?>, Object> VALUES =
      Map.of(
          int.class,
          4321,
          long.class,
          4321L,
          boolean.class,
          true,
          Duration.class,
          Duration.ofSeconds(77),
          BroadcastPolicy.class,
          BroadcastPolicy.excludingSender(),
          Overflow.class,
          Overflow.DROP_OLDEST,
          History.class,
          History.of(3),
          WelcomeMessage.class,
          WELCOME,
          Role.Rule.class,
          ROLES,
          RoomNotices.class,
          NOTICES);

  private static Object value(Class<?> type) {
    return type == DisplayNames.class
        ? DisplayNames.unique()
        : type == UnaryOperator.class ? COMPARISON : VALUES.get(type);
  }

  record Setter(Object options, Method method) {
    Object apply() {
      Object[] values =
          Arrays.stream(method.getParameterTypes()).map(OptionTypesTest::value).toArray();
      try {
        return method.invoke(options, values);
      } catch (ReflectiveOperationException failure) {
        throw new LinkageError(failure.getMessage(), failure);
      }
    }

    Object get(Object from) {
      String property = method.getName().substring(4);
      String name = property.substring(0, 1).toLowerCase(Locale.ROOT) + property.substring(1);
      for (String getter : List.of(name, "is" + property)) {
        try {
          return from.getClass().getMethod(getter).invoke(from);
        } catch (NoSuchMethodException next) {
          property = name;
        } catch (ReflectiveOperationException failure) {
          throw new LinkageError(failure.getMessage(), failure);
        }
      }
      throw new AssertionError(method + " has no public getter");
    }

    Object expected() {
      return method.getParameterCount() == 0 ? true : value(method.getParameterTypes()[0]);
    }

    @Override
    public String toString() {
      return options.getClass().getSimpleName() + "." + method.getName();
    }
  }

  static Stream<Setter> setters() {
    return Stream.of(
            Limits.defaults(),
            RoomOptions.defaults(),
            History.of(7),
            DisplayNames.any(),
            PresenceOptions.defaults())
        .flatMap(
            options ->
                Arrays.stream(options.getClass().getMethods())
                    .filter(method -> method.getName().startsWith("with"))
                    .filter(method -> !Modifier.isStatic(method.getModifiers()))
                    .map(method -> new Setter(options, method)));
  }

  @ParameterizedTest
  @MethodSource("setters")
  void eachOptionHasOneValueAPublicGetterAndAPlaceInEqualsAndToString(Setter setter) {
    assertTrue(setter.method().getParameterCount() <= 1, "one value each");
    Object before = setter.options();
    Object changed = setter.apply();
    Object again = setter.apply();

    assertEquals(setter.expected(), setter.get(changed));
    assertNotEquals(setter.expected(), setter.get(before), "the original is unchanged");
    assertEquals(changed, again);
    assertEquals(changed.hashCode(), again.hashCode());
    assertNotEquals(before, changed);
    if (changed.getClass() != DisplayNames.class) {
      assertTrue(changed.toString().contains(String.valueOf(setter.expected())), changed::toString);
    }
  }

  /** Not options, but one idiom as well. */
  @Test
  void moderationTakesAParticipantOrItsIdAlike() throws NoSuchMethodException {
    for (Class<?> type : List.of(Room.class, Moderation.class)) {
      for (Method method : type.getMethods()) {
        Class<?>[] parameters = method.getParameterTypes();
        if (List.of("kick", "ban", "unban", "mute", "unmute", "role", "setRole")
            .contains(method.getName())) {
          parameters[0] = parameters[0] == String.class ? Participant.class : String.class;
          assertEquals(
              method.getReturnType(), type.getMethod(method.getName(), parameters).getReturnType());
        }
      }
    }
  }

  static Stream<List<Object>> differentValues() {
    Position position = new Position("epoch", 5);
    return Stream.of(
        List.of(
            HistoryRange.none(),
            HistoryRange.last(5),
            HistoryRange.since(position),
            HistoryRange.before(position, 5)),
        List.of(
            BroadcastPolicy.everyone(),
            BroadcastPolicy.excludingSender(),
            BroadcastPolicy.excludingOrigin(),
            BroadcastPolicy.onlyIds(java.util.Set.of("1")),
            BroadcastPolicy.exceptIds(java.util.Set.of("1"))),
        List.of(DisplayNames.any(), DisplayNames.unique(), DisplayNames.numbered()),
        List.of(History.none(), History.of(1), History.of(2)));
  }

  @ParameterizedTest
  @MethodSource
  void differentValues(List<Object> values) {
    for (int i = 0; i < values.size(); i++) {
      for (int j = 0; j < values.size(); j++) {
        assertEquals(i == j, values.get(i).equals(values.get(j)));
        assertEquals(i == j, values.get(i).toString().equals(values.get(j).toString()));
      }
    }
  }

  @Test
  void equalValuesThatWereMadeTwiceAreEqual() {
    Position position = new Position("epoch", 5);
    assertEquals(HistoryRange.before(position, 5), HistoryRange.before(position, 5));
    assertEquals(HistoryRange.last(5).hashCode(), HistoryRange.last(5).hashCode());
    assertEquals(
        BroadcastPolicy.excludingSender().and(BroadcastPolicy.onlyIds(java.util.Set.of("1"))),
        BroadcastPolicy.onlyIds(java.util.Set.of("1")).and(BroadcastPolicy.excludingSender()));
    assertEquals(DisplayNames.unique(), DisplayNames.unique());
    assertEquals(DisplayNames.unique().hashCode(), DisplayNames.unique().hashCode());
    assertFalse(History.of(1).equals(null));
  }
}
