//! The state of the grammar, and which line may follow which.
//!
//! # Source
//! Zenroom `zencode.lua`: the events of `ZEN:begin`.

use super::Role;
use crate::statement::Phase;

/// The state of the grammar: which kind of line came last, inside what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Init,
    Rule,
    Scenario,
    Given,
    When,
    Then,
    If,
    WhenIf,
    ThenIf,
    EndIf,
    Foreach,
    WhenForeach,
    ForeachIf,
    WhenForeachIf,
    IfForeach,
    WhenIfForeach,
    EndForeach,
}

impl State {
    /// The state that an event leads to.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "rule" => Self::Rule,
            "scenario" => Self::Scenario,
            "given" => Self::Given,
            "when" => Self::When,
            "then" => Self::Then,
            "if" => Self::If,
            "whenif" => Self::WhenIf,
            "thenif" => Self::ThenIf,
            "endif" => Self::EndIf,
            "foreach" => Self::Foreach,
            "whenforeach" => Self::WhenForeach,
            "foreachif" => Self::ForeachIf,
            "whenforeachif" => Self::WhenForeachIf,
            "ifforeach" => Self::IfForeach,
            "whenifforeach" => Self::WhenIfForeach,
            "endforeach" => Self::EndForeach,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Rule => "rule",
            Self::Scenario => "scenario",
            Self::Given => "given",
            Self::When => "when",
            Self::Then => "then",
            Self::If => "if",
            Self::WhenIf => "whenif",
            Self::ThenIf => "thenif",
            Self::EndIf => "endif",
            Self::Foreach => "foreach",
            Self::WhenForeach => "whenforeach",
            Self::ForeachIf => "foreachif",
            Self::WhenForeachIf => "whenforeachif",
            Self::IfForeach => "ifforeach",
            Self::WhenIfForeach => "whenifforeach",
            Self::EndForeach => "endforeach",
        }
    }

    /// The states that may come before.
    pub(super) fn predecessors(self) -> &'static [Self] {
        use State::{
            EndForeach, EndIf, Foreach, ForeachIf, Given, If, IfForeach, Init, Rule, Scenario, Then, ThenIf,
            When, WhenForeach, WhenForeachIf, WhenIf, WhenIfForeach,
        };
        match self {
            Init => &[],
            Rule | Scenario => &[Init, Rule, Scenario],
            Given => &[Init, Rule, Scenario, Given],
            When | Then => &[Given, When, Then, EndIf, EndForeach],
            If => &[Given, When, Then, EndIf, EndForeach, If, WhenIf, ThenIf, ForeachIf],
            WhenIf | ThenIf => &[If, WhenIf, ThenIf, EndForeach, EndIf],
            EndIf => &[WhenIf, WhenIfForeach, ThenIf, EndForeach, EndIf],
            Foreach => &[Given, When, EndIf, Foreach, EndForeach, WhenForeach],
            WhenForeach => &[Foreach, WhenForeach, EndIf, EndForeach],
            ForeachIf => &[If, WhenIf, EndForeach, ForeachIf, WhenForeachIf, IfForeach, WhenIfForeach, EndIf],
            WhenForeachIf => &[ForeachIf, WhenForeachIf, EndIf, EndForeach],
            IfForeach => {
                &[Foreach, WhenForeach, IfForeach, WhenIfForeach, ForeachIf, WhenForeachIf, EndIf, EndForeach]
            }
            WhenIfForeach => &[IfForeach, WhenIfForeach, EndForeach, EndIf],
            EndForeach => &[WhenForeach, WhenForeachIf, EndIf, EndForeach],
        }
    }

    /// Whether `and` may follow.
    pub(super) fn repeats(self) -> bool {
        !matches!(self, Self::Init | Self::Rule | Self::Scenario | Self::EndIf | Self::EndForeach)
    }

    /// The table that a line in this state is looked up in, and its role.
    pub(super) fn lookup(self) -> Option<(Phase, Role)> {
        Some(match self {
            Self::Given => (Phase::Given, Role::Given),
            Self::When | Self::WhenIf | Self::WhenForeach | Self::WhenForeachIf | Self::WhenIfForeach => {
                (Phase::When, Role::Plain)
            }
            Self::Then | Self::ThenIf => (Phase::Then, Role::Then),
            Self::If | Self::IfForeach => (Phase::If, Role::If),
            Self::Foreach | Self::ForeachIf => (Phase::Foreach, Role::Foreach),
            Self::Init | Self::Rule | Self::Scenario | Self::EndIf | Self::EndForeach => return None,
        })
    }
}
