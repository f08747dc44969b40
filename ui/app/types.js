/**
 * The host's types under one roof, so that modules name them without a path each.
 *
 * @typedef {import('../types/Action').Action} Action
 * @typedef {import('../types/Add').Add} Add
 * @typedef {import('../types/Customer').Customer} Customer
 * @typedef {import('../types/DeepLink').DeepLink} DeepLink
 * @typedef {import('../types/Density').Density} Density
 * @typedef {import('../types/Zoom').Zoom} Zoom
 * @typedef {import('../types/Done').Done} Done
 * @typedef {import('../types/Entry').Entry} Entry
 * @typedef {import('../types/EnvironmentView').EnvironmentView} EnvironmentView
 * @typedef {import('../types/Event').Event} TimelineEvent
 * @typedef {import('../types/Feed').Feed} Feed
 * @typedef {import('../types/HeadsUp').HeadsUp} HeadsUp
 * @typedef {import('../types/IntakeError').IntakeError} IntakeError
 * @typedef {import('../types/IntakeLine').IntakeLine} IntakeLine
 * @typedef {import('../types/IntakeVerdict').IntakeVerdict} IntakeVerdict
 * @typedef {import('../types/JournalNotice').JournalNotice} JournalNotice
 * @typedef {import('../types/JournalView').JournalView} JournalView
 * @typedef {import('../types/Key').Key} Key
 * @typedef {import('../types/Language').Language} Language
 * @typedef {import('../types/Miss').Miss} Miss
 * @typedef {import('../types/News').News} News
 * @typedef {import('../types/Numbers').Numbers} Numbers
 * @typedef {import('../types/TimeCount').TimeCount} TimeCount
 * @typedef {import('../types/Operator').Operator} Operator
 * @typedef {import('../types/Order').Order} Order
 * @typedef {import('../types/Outcome').Outcome} Outcome
 * @typedef {import('../types/Place').Place} Place
 * @typedef {import('../types/PolicyView').PolicyView} PolicyView
 * @typedef {import('../types/Problem').Problem} Problem
 * @typedef {import('../types/Pulse').Pulse} Pulse
 * @typedef {import('../types/QrCode').QrCode} QrCode
 * @typedef {import('../types/Reach').Reach} Reach
 * @typedef {import('../types/Refused').Refused} Refused
 * @typedef {import('../types/Row').Row} Row
 * @typedef {import('../types/Settings').Settings} Settings
 * @typedef {import('../types/ShiftEnded').ShiftEnded} ShiftEnded
 * @typedef {import('../types/ShiftError').ShiftError} ShiftError
 * @typedef {import('../types/ShiftLine').ShiftLine} ShiftLine
 * @typedef {import('../types/ShiftRead').ShiftRead} ShiftRead
 * @typedef {import('../types/Start').Start} Start
 * @typedef {import('../types/StepView').StepView} StepView
 * @typedef {import('../types/Theme').Theme} Theme
 * @typedef {import('../types/TimeLeft').TimeLeft} TimeLeft
 * @typedef {import('../types/TokenProblem').TokenProblem} TokenProblem
 * @typedef {import('../types/TokenView').TokenView} TokenView
 * @typedef {import('../types/CommandView').CommandView} CommandView
 * @typedef {import('../types/UserType').UserType} UserType
 * @typedef {import('../types/Way').Way} Way
 */
export {};
