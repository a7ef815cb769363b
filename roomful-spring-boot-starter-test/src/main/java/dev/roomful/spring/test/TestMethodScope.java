package dev.roomful.spring.test;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.Scope;

/** Beans that live as long as one test method. Tests of one context run one after another. */
final class TestMethodScope implements Scope {
  static final String NAME = "roomful-test-method";

  private final Map<String, Object> beans = new HashMap<>();
  private final Map<String, Runnable> destructions = new HashMap<>();

  @Override
  public synchronized Object get(String name, ObjectFactory<?> factory) {
    Object bean = beans.get(name);
    if (bean == null) {
      bean = factory.getObject();
      beans.put(name, bean);
    }
    return bean;
  }

  @Override
  public synchronized @Nullable Object remove(String name) {
    destructions.remove(name);
    return beans.remove(name);
  }

  @Override
  public synchronized void registerDestructionCallback(String name, Runnable callback) {
    destructions.put(name, callback);
  }

  /** Destroys the beans of the test method that has ended. */
  synchronized void end() {
    Map<String, Runnable> ended = new HashMap<>(destructions);
    destructions.clear();
    beans.clear();
    ended.values().forEach(Runnable::run);
  }

  @Override
  public @Nullable Object resolveContextualObject(String key) {
    return null;
  }

  @Override
  public @Nullable String getConversationId() {
    return null;
  }
}
